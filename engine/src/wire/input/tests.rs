#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Code;
use crate::diagnostic::codes::*;
use crate::schema::ELEMENTS_MAX;
use crate::schema::{DataType, EnumDomain, Field, LocalText, Period, SpecialCode, ValueSpec};
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::{parse_decimal, plain_text};
use crate::value::slot::{Slot, Stretch, TextRef};

fn fact(name: &str, data_type: DataType) -> Fact {
    Fact {
        name: name.to_owned(),
        source: None,
        spec: ValueSpec::of(data_type),
        unit: None,
        label: LocalText::default(),
        actionable: None,
        sensitive: false,
        span: crate::diagnostic::Span::default(),
    }
}

fn optional(mut fact: Fact) -> Fact {
    fact.spec.optional = true;
    fact
}

fn special(mut fact: Fact, name: &str, value: Value) -> Fact {
    fact.spec.special.push(SpecialCode { name: name.to_owned(), value });
    fact
}

fn between(mut fact: Fact, min: Value, max: Value) -> Fact {
    (fact.spec.min, fact.spec.max) = (Some(min), Some(max));
    fact
}

fn domain(values: &[&str]) -> DataType {
    DataType::Enum(Arc::new(EnumDomain::new(values.iter().map(|value| (*value).to_owned()).collect())))
}

fn loan() -> DataType {
    let mut balance = ValueSpec::of(DataType::Decimal { scale: 2 });
    balance.optional = true;
    DataType::Record(Arc::new(vec![
        Field { name: "balance".to_owned(), source: Some("余额".to_owned()), spec: balance },
        Field { name: "due".to_owned(), source: None, spec: ValueSpec::of(DataType::Date) },
    ]))
}

/// One fact of each kind, all optional but `age`.
fn facts() -> Vec<Fact> {
    let score = special(optional(fact("score", DataType::Integer)), "no_record", Value::Integer(-1));
    let score = special(score, "closed", Value::Text("closed".to_owned()));
    let mut name = optional(fact("name", DataType::Text));
    name.sensitive = true;
    let mut secret = between(optional(fact("secret", DataType::Integer)), Value::Integer(0), Value::Integer(9));
    secret.sensitive = true;
    let series =
        DataType::Series { value: Box::new(ValueSpec::of(DataType::Decimal { scale: 2 })), period: Period::Month };
    let mut income = between(
        optional(fact("income", DataType::Decimal { scale: 2 })),
        Value::Integer(0),
        Value::Decimal(parse_decimal("1000000.5").unwrap()),
    );
    income.source = Some("月收入".to_owned());
    vec![
        between(fact("age", DataType::Integer), Value::Integer(0), Value::Integer(120)),
        income,
        between(score, Value::Integer(300), Value::Integer(850)),
        optional(fact("owner", DataType::Boolean)),
        name,
        optional(fact("segment", domain(&["retail", "small_business"]))),
        optional(fact("born", DataType::Date)),
        optional(fact("loans", DataType::List(Box::new(ValueSpec::of(loan()))))),
        optional(fact("products", DataType::List(Box::new(ValueSpec::of(domain(&["deposit", "card"])))))),
        optional(fact("balance", series)),
        secret,
    ]
}

fn read_json(text: &str) -> Result<Record, DecisionError> {
    let facts = facts();
    let mut record = Record::default();
    FactsReader::new(&facts, FACTS_LIMITS).read_bytes(text.as_bytes(), &mut record)?;
    assert_eq!(record.slots.len(), facts.len());
    Ok(record)
}

fn read_row(header: &[&str], row: &[&str]) -> Result<Record, DecisionError> {
    let facts = facts();
    let mut record = Record::default();
    let reader = RowReader::new(&facts, header.iter().copied());
    reader.read(|column| row.get(column).copied().unwrap(), &mut record)?;
    Ok(record)
}

fn slot_of(record: &Record, name: &str) -> Slot {
    let index = facts().iter().position(|fact| fact.name == name).unwrap();
    *record.slots.get(index).unwrap()
}

fn place(error: &DecisionError) -> (Code, &str) {
    match &error.at {
        Place::Pointer(pointer) => (error.code, pointer),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_number_is_its_text() {
    for (text, expected) in
        [("0.1", "0.10"), ("\"0.10\"", "0.10"), ("1e-1", "0.10"), ("1.500", "1.50"), ("-0.0", "0.00")]
    {
        let record = read_json(&format!("{{\"age\":1,\"月收入\":{text}}}")).unwrap();
        let Slot::Decimal(income) = slot_of(&record, "income") else { panic!("{text}") };
        assert_eq!(plain_text(income), expected, "{text}");
    }
    for text in ["67", "67.0", "6.7e1", "670E-1"] {
        let record = read_json(&format!("{{\"age\":{text}}}")).unwrap();
        assert_eq!(slot_of(&record, "age"), Slot::Integer(67), "{text}");
    }
    assert_eq!(slot_of(&read_row(&["age"], &["67.0"]).unwrap(), "age"), Slot::Integer(67));
}

#[test]
fn every_mistake_has_a_code_and_a_pointer() {
    let rows: &[(&str, Code, &str)] = &[
        ("", INPUT_SYNTAX, ""),
        ("{\"age\":01}", INPUT_SYNTAX, ""),
        ("[]", INPUT_NOT_OBJECT, ""),
        ("{\"age\":1,\"age\":1}", DUPLICATE_KEY, "/age"),
        ("{\"loans\":[{\"due\":1,\"due\":1}],\"age\":\"x\"}", DUPLICATE_KEY, "/loans/0/due"),
        ("{}", INPUT_MISSING, "/age"),
        ("{\"age\":null}", INPUT_MISSING, "/age"),
        ("{\"age\":\"67\"}", INPUT_TYPE, "/age"),
        ("{\"age\":67.5}", INPUT_TYPE, "/age"),
        ("{\"age\":true}", INPUT_TYPE, "/age"),
        ("{\"age\":[1]}", INPUT_TYPE, "/age"),
        ("{\"age\":9223372036854775808}", INPUT_TOO_LARGE, "/age"),
        ("{\"age\":121}", INPUT_DOMAIN, "/age"),
        ("{\"age\":-1}", INPUT_DOMAIN, "/age"),
        ("{\"age\":1,\"月收入\":\"+5\"}", INPUT_TYPE, "/月收入"),
        ("{\"age\":1,\"月收入\":\".5\"}", INPUT_TYPE, "/月收入"),
        ("{\"age\":1,\"月收入\":\"1_000\"}", INPUT_TYPE, "/月收入"),
        ("{\"age\":1,\"月收入\":1.505}", INPUT_DIGITS, "/月收入"),
        ("{\"age\":1,\"月收入\":1e30}", INPUT_TOO_LARGE, "/月收入"),
        ("{\"age\":1,\"月收入\":1000000.51}", INPUT_DOMAIN, "/月收入"),
        ("{\"age\":1,\"income\":1}", UNKNOWN_INPUT, "/income"),
        ("{\"age\":1,\"owner\":\"true\"}", INPUT_TYPE, "/owner"),
        ("{\"age\":1,\"segment\":\"retial\"}", INPUT_ENUM, "/segment"),
        ("{\"age\":1,\"segment\":1}", INPUT_TYPE, "/segment"),
        ("{\"age\":1,\"born\":\"2026-02-30\"}", INPUT_DATE, "/born"),
        ("{\"age\":1,\"born\":\"2026/1/1\"}", INPUT_DATE, "/born"),
        ("{\"age\":1,\"born\":\"2026-01-01T00:00:00Z\"}", INPUT_TIMESTAMP, "/born"),
        ("{\"age\":1,\"born\":20260101}", INPUT_TYPE, "/born"),
        ("{\"age\":1,\"loans\":{}}", INPUT_TYPE, "/loans"),
        ("{\"age\":1,\"loans\":[null]}", INPUT_MISSING, "/loans/0"),
        ("{\"age\":1,\"loans\":[{}]}", INPUT_MISSING, "/loans/0/due"),
        ("{\"age\":1,\"loans\":[{\"due\":\"2026-01-01\",\"余额\":\"1.234\"}]}", INPUT_DIGITS, "/loans/0/余额"),
        ("{\"age\":1,\"loans\":[{\"due\":\"2026-01-01\",\"balance\":1}]}", UNKNOWN_INPUT, "/loans/0/balance"),
        ("{\"age\":1,\"products\":[\"card\",\"cart\"]}", INPUT_ENUM, "/products/1"),
        ("{\"age\":1,\"balance\":[{\"date\":\"2026-01-31\"}]}", INPUT_MISSING, "/balance/0/value"),
        ("{\"age\":1,\"balance\":[{\"date\":\"2026-01-31\",\"value\":1,\"x\":2}]}", UNKNOWN_INPUT, "/balance/0/x"),
        (
            "{\"age\":1,\"balance\":[{\"date\":\"2026-01-31\",\"value\":1},{\"date\":\"2026-01-01\",\"value\":1},7]}",
            SERIES_DUPLICATE_PERIOD,
            "/balance/1",
        ),
        ("{\"age\":1,\"agee\":2,\"a/b\":3}", UNKNOWN_INPUT, "/agee"),
        ("{\"a/b\":3,\"age\":1}", UNKNOWN_INPUT, "/a~1b"),
    ];
    for (text, code, pointer) in rows {
        let error = read_json(text).unwrap_err();
        assert_eq!(place(&error), (*code, *pointer), "{text}: {}", error.message);
    }
}

#[test]
fn the_first_fact_in_declared_order_comes_before_unknown_fields() {
    let error = read_json("{\"zzz\":1,\"segment\":1,\"月收入\":true,\"age\":1}").unwrap_err();
    assert_eq!(place(&error), (INPUT_TYPE, "/月收入"));
}

#[test]
fn cells_mean_what_json_means() {
    let empty = read_row(&["age", "name", "loans", "score"], &["1", "", "", ""]).unwrap();
    assert_eq!(slot_of(&empty, "name"), Slot::Missing);
    let record = read_row(
        &["owner", "age", "products", "score", "born", "name", "balance"],
        &["true", "1", "[\"card\"]", "closed", "2026-01-31", "李", "[{\"date\":\"2026-02-01\",\"value\":\"1.5\"}]"],
    )
    .unwrap();
    assert_eq!(slot_of(&record, "owner"), Slot::Boolean(true));
    assert_eq!(slot_of(&record, "score"), Slot::Special(1));
    assert_eq!(slot_of(&record, "name"), Slot::Text(TextRef::Record(Stretch { start: 0, len: 3 })));
    let Slot::List(products) = slot_of(&record, "products") else { panic!() };
    assert_eq!(record.elements(products), [Slot::Enum(1)]);
    for (column, cell, code, pointer) in [
        ("age", "1.2E+01", INPUT_TYPE, "/age"),
        ("age", "1,200", INPUT_TYPE, "/age"),
        ("age", "６７", INPUT_TYPE, "/age"),
        ("age", "", INPUT_MISSING, "/age"),
        ("owner", "TRUE", INPUT_TYPE, "/owner"),
        ("loans", "[{}", INPUT_TYPE, "/loans"),
        ("loans", "[{\"due\":1,\"due\":1}]", DUPLICATE_KEY, "/loans/0/due"),
        ("loans", "[{\"due\":1}]", INPUT_TYPE, "/loans/0/due"),
    ] {
        let row = if column == "age" { read_row(&["age"], &[cell]) } else { read_row(&["age", column], &["1", cell]) };
        let error = row.unwrap_err();
        assert_eq!(place(&error), (code, pointer), "{cell}: {}", error.message);
    }
}

#[test]
fn special_codes_come_before_type_and_domain() {
    for (text, expected) in [
        ("-1", Slot::Special(0)),
        ("-1.0", Slot::Special(0)),
        ("\"closed\"", Slot::Special(1)),
        ("300", Slot::Integer(300)),
    ] {
        assert_eq!(slot_of(&read_json(&format!("{{\"age\":1,\"score\":{text}}}")).unwrap(), "score"), expected);
    }
    assert_eq!(read_json("{\"age\":1,\"score\":-2}").unwrap_err().code, INPUT_DOMAIN);
    assert_eq!(read_json("{\"age\":1,\"score\":\"-1\"}").unwrap_err().code, INPUT_TYPE);
}

#[test]
fn messages_help_and_keep_secrets() {
    let message = |text: &str| read_json(text).unwrap_err().message;
    assert_eq!(message("{\"age\":1,\"agee\":2}"), "unknown field `agee`; did you mean `age`?");
    assert_eq!(message("{\"age\":1,\"income\":2}"), "unknown field `income`; the fact `income` is read from `月收入`");
    assert_eq!(
        message("{\"age\":1,\"segment\":\"retial\"}"),
        "`retial` is none of the declared values; did you mean `retail`?"
    );
    assert_eq!(message("{\"age\":130}"), "`130` is above the most allowed, `120`");
    assert!(message("{\"age\":1,\"born\":\"2026-01-01T00:00:00Z\"}").contains("civil-date rule"));
    for text in ["4711", "\"4711\"", "4711.5", "[4711]", "{\"4711\":1}"] {
        let message = message(&format!("{{\"age\":1,\"secret\":{text}}}"));
        assert!(!message.contains("4711"), "{message}");
    }
    for cell in ["4711", "4711.5", "x4711", "4,711"] {
        let message = read_row(&["age", "secret"], &["1", cell]).unwrap_err().message;
        assert!(!message.contains("711"), "{message}");
    }
}

#[test]
fn series_are_sorted_and_lists_are_bounded() {
    let record = read_json(
        "{\"age\":1,\"balance\":[{\"date\":\"2026-03-31\",\"value\":3},{\"value\":1,\"date\":\"2026-01-31\"},{\"date\":\"2026-02-28\",\"value\":2}]}",
    )
    .unwrap();
    let Slot::Series(Stretch { start, len: 3 }) = slot_of(&record, "balance") else { panic!() };
    let elements = record.elements(Stretch { start, len: 6 });
    let dates: Vec<Slot> = ["2026-01-31", "2026-02-28", "2026-03-31"]
        .iter()
        .map(|text| Slot::Date(Date::parse_iso(text).unwrap()))
        .collect();
    assert_eq!(elements.get(..3).unwrap(), dates);
    let values: Vec<Slot> =
        ["1.00", "2.00", "3.00"].iter().map(|text| Slot::Decimal(parse_decimal(text).unwrap())).collect();
    assert_eq!(elements.get(3..).unwrap(), values);
    let many = |count: usize| format!("{{\"age\":1,\"products\":[{}]}}", vec!["\"card\""; count].join(","));
    assert!(read_json(&many(ELEMENTS_MAX)).is_ok());
    let error = read_json(&many(ELEMENTS_MAX + 1)).unwrap_err();
    assert_eq!(place(&error), (INPUT_TOO_LARGE, "/products"));
}

proptest! {
    #[test]
    fn the_order_of_fields_does_not_matter(order in Just(vec!["\"age\":1", "\"月收入\":2", "\"score\":-1", "\"owner\":true", "\"segment\":\"retail\""]).prop_shuffle()) {
        let sorted = read_json("{\"age\":1,\"月收入\":2,\"score\":-1,\"owner\":true,\"segment\":\"retail\"}").unwrap();
        prop_assert_eq!(read_json(&format!("{{{}}}", order.join(","))).unwrap().slots, sorted.slots);
    }

    #[test]
    fn facts_are_found_wherever_they_stand(
        (all, given) in (1_usize..120).prop_flat_map(|all| (Just(all), prop::sample::subsequence((0..all).collect::<Vec<_>>(), 0..=all).prop_shuffle())),
        turned in any::<bool>(),
    ) {
        let name = |number: usize| format!("fact_{number}");
        let facts: Vec<Fact> = (0..all).map(|number| optional(fact(&name(number), DataType::Integer))).collect();
        let mut given = given;
        if turned {
            given.sort_unstable();
        }
        let entries: Vec<String> = given.iter().map(|number| format!("\"{}\":{number}", name(*number))).collect();
        let mut record = Record::default();
        FactsReader::new(&facts, FACTS_LIMITS).read_bytes(format!("{{{}}}", entries.join(",")).as_bytes(), &mut record).unwrap();
        let expected = |number: usize| if given.contains(&number) { Slot::Integer(i64::try_from(number).unwrap()) } else { Slot::Missing };
        prop_assert_eq!(record.slots, (0..all).map(expected).collect::<Vec<_>>());
    }

    #[test]
    fn a_number_means_the_same_in_json_and_in_a_cell(text in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,4})?") {
        for (column, key) in [("age", "age"), ("月收入", "月收入"), ("score", "score")] {
            let json = read_json(&format!("{{{}\"{key}\":{text}}}", if key == "age" { "" } else { "\"age\":1," }));
            let cell = if column == "age" { read_row(&["age"], &[&text]) } else { read_row(&["age", column], &["1", &text]) };
            match (json, cell) {
                (Ok(json), Ok(cell)) => prop_assert_eq!(json.slots, cell.slots),
                (Err(json), Err(cell)) => prop_assert_eq!(place(&json), place(&cell)),
                (json, cell) => prop_assert!(false, "{:?} {:?}", json, cell),
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let facts = facts();
        let mut record = Record::default();
        let _ = FactsReader::new(&facts, FACTS_LIMITS).read_bytes(&bytes, &mut record);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = read_row(&["age", "月收入", "loans", "balance", "born"], &[text; 5]);
        }
    }
}
