//! Declarations, types and values as they stand in a serialised program.

use super::codec::{Coded, Reader, coded_enum, coded_struct};
use crate::diagnostic::{FileId, Span};
use crate::ruleset::checked::{AggregateFunction, ArithmeticOp, Comparison, Function, Input, Type, TypeKind};
use crate::ruleset::{Aggregation, HitPolicy, NoMatch, OnError, Reason};
use crate::schema::{Actionable, DataType, Fact, Field, LocalText, Output, Parameter, Period, SpecialCode, ValueSpec};
use crate::value::Value;
use crate::value::date::DayCount;
use crate::value::decimal::RoundingMode;
use crate::value::slot::{Slot, Stretch, TextRef};

impl Coded for FileId {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        Self(u16::read(reader))
    }
}

/// The end is written as the distance from the start, around the circle of 32 bits: it is mostly small.
impl Coded for Span {
    fn write(&self, out: &mut Vec<u8>) {
        let Self { file, line, column, end_line, end_column } = self;
        file.write(out);
        line.write(out);
        column.write(out);
        end_line.wrapping_sub(*line).write(out);
        end_column.wrapping_sub(*column).write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let file = FileId::read(reader);
        let (line, column) = (u32::read(reader), u32::read(reader));
        let (end_line, end_column) = (u32::read(reader).wrapping_add(line), u32::read(reader).wrapping_add(column));
        Self { file, line, column, end_line, end_column }
    }
}

impl Coded for LocalText {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        Self(Coded::read(reader))
    }
}

coded_struct!(ValueSpec { data_type, min, max, optional, special });
coded_struct!(SpecialCode { name, value });
coded_struct!(Field { name, source, spec });
coded_struct!(Fact { name, source, spec, unit, label, actionable, sensitive, span });
coded_struct!(Output { name, data_type, optional, span });
coded_struct!(Parameter { name, data_type, value, span });
coded_struct!(Reason { code, text, span });
coded_struct!(Type { kind, missing, special });
coded_struct!(Stretch { start, len });

coded_enum!(DataType {
    0 Boolean;
    1 Integer;
    2 Decimal { scale };
    3 Text;
    4 Enum(domain);
    5 Date;
    6 List(element);
    7 Record(fields);
    8 Series { value, period };
});

coded_enum!(Period { 0 Day; 1 Week; 2 Month; 3 Quarter; 4 Year; });
coded_enum!(Actionable { 0 Increase; 1 Decrease; 2 Any; });
coded_enum!(OnError { 0 Error; 1 Refer; });
coded_enum!(NoMatch { 0 Error; 1 Missing; 2 Default; });
coded_enum!(Aggregation { 0 List; 1 Sum; 2 Min; 3 Max; 4 Count; });
coded_enum!(Input { 0 Fact(fact); 1 Derived(derived); });

coded_enum!(HitPolicy {
    0 Unique;
    1 Any;
    2 Priority;
    3 First;
    4 RuleOrder;
    5 OutputOrder;
    6 Collect(aggregation);
});

coded_enum!(TypeKind {
    0 Never;
    1 Unit;
    2 Boolean;
    3 Integer;
    4 Decimal { scale };
    5 Text;
    6 Enum(domain);
    7 Date;
    8 List(element);
    9 Record(fields);
    10 Series(value);
    11 Facts;
    12 Hits;
    13 Card(card);
    14 Outputs;
});

coded_enum!(Value {
    0 Missing;
    1 Special(name);
    2 Boolean(truth);
    3 Integer(number);
    4 Decimal(number);
    5 Text(text);
    6 Date(date);
    7 List(elements);
    8 Record(fields);
});

coded_enum!(Slot {
    0 Missing;
    1 Special(code);
    2 Boolean(truth);
    3 Integer(number);
    4 Decimal(number);
    5 Enum(symbol);
    6 Date(date);
    7 Text(text);
    8 List(at);
    9 Record(at);
    10 Series(at);
});

coded_enum!(TextRef { 0 Record(at); 1 Program(at); });

coded_enum!(Comparison { 0 Equal; 1 NotEqual; 2 Less; 3 LessEqual; 4 Greater; 5 GreaterEqual; });
coded_enum!(ArithmeticOp { 0 Add; 1 Subtract; 2 Multiply; 3 Remainder; 4 Power; });
coded_enum!(RoundingMode { 0 HalfUp; 1 HalfEven; 2 Down; 3 Up; 4 Floor; 5 Ceiling; });
coded_enum!(DayCount { 0 Act360; 1 Act365f; 2 Thirty360; 3 Thirty360E; });

coded_enum!(Function {
    0 Round(scale, mode);
    1 Div(scale, mode);
    2 Min;
    3 Max;
    4 Abs;
    5 Clamp;
    6 DaysBetween;
    7 MonthsBetween;
    8 AddDays;
    9 AddMonths;
    10 AddMonthsEndOfMonth;
    11 AgeInYears;
    12 YearFraction(count, scale, mode);
    13 ScoreFromGoodOdds(scale, mode);
    14 GoodOddsFromScore(scale, mode);
    15 PdFromScore(scale, mode);
    16 StartsWith;
    17 EndsWith;
    18 Contains;
    19 TextLen;
});

coded_enum!(AggregateFunction {
    0 Len;
    1 Sum;
    2 Min;
    3 Max;
    4 Avg(scale, mode);
    5 Count;
    6 All;
    7 Any;
    8 Filter;
    9 Map;
});
