//! How a run ends without an outcome.

use rhai::{Dynamic, EvalAltResult, Position};
use trutina_engine::diagnostic::codes::{self, Code};

/// Why there is no outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure.
    pub kind: Kind,
    /// The engine's code for it, where it has one.
    pub code: Option<Code>,
    /// Line and column, from 1.
    pub place: Option<(u32, u32)>,
    /// For people.
    pub message: String,
}

/// Kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The script does not parse.
    Syntax,
    /// A number is too large.
    Overflow,
    /// A division by zero.
    DivisionByZero,
    /// A variable, field or function that does not exist, or not for these types: an accepted script never gets here.
    Type,
    /// An index beyond the end.
    Index,
    /// A closure reads what its own method call holds: the interpreter's limit, excused by the contract.
    DataRace,
    /// A function or the host said so.
    Function,
}

impl Failure {
    /// A failure that a function or a host reports.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { kind: Kind::Function, code: Some(code), place: None, message: message.into() }
    }

    /// Something has no name here.
    pub fn unknown(what: &str, name: &str) -> Self {
        Self { kind: Kind::Type, code: None, place: None, message: format!("unknown {what} `{name}`") }
    }

    pub(super) fn of_type(message: impl Into<String>) -> Self {
        Self { kind: Kind::Type, code: None, place: None, message: message.into() }
    }

    /// As an error of the interpreter, which adds the place.
    pub(super) fn raise(self) -> Box<EvalAltResult> {
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(self), Position::NONE))
    }

    /// From an error of the interpreter.
    pub(super) fn from_rhai(error: &EvalAltResult) -> Self {
        let mut innermost = error;
        while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _) = innermost {
            innermost = inner;
        }
        let position = innermost.position();
        let place = position.line().zip(position.position());
        let place = place.and_then(|(line, column)| Some((u32::try_from(line).ok()?, u32::try_from(column).ok()?)));
        let (kind, code) = match innermost {
            EvalAltResult::ErrorRuntime(value, _) => {
                if let Some(failure) = value.clone().try_cast::<Self>() {
                    return Self { place: failure.place.or(place), ..failure };
                }
                (Kind::Function, None)
            }
            // "Modulo division by zero or overflow: -9223372036854775808 % -1" is the latter.
            EvalAltResult::ErrorArithmetic(text, _) if text.contains("zero or overflow") && !text.ends_with("% 0") => {
                (Kind::Overflow, Some(codes::OVERFLOW))
            }
            EvalAltResult::ErrorArithmetic(text, _) if text.contains("zero") => {
                (Kind::DivisionByZero, Some(codes::DIVISION_BY_ZERO))
            }
            EvalAltResult::ErrorArithmetic(..) => (Kind::Overflow, Some(codes::OVERFLOW)),
            EvalAltResult::ErrorArrayBounds(..) => (Kind::Index, Some(codes::INDEX_RANGE)),
            EvalAltResult::ErrorDataRace(..) => (Kind::DataRace, None),
            EvalAltResult::ErrorParsing(..) => (Kind::Syntax, None),
            _ => (Kind::Type, None),
        };
        Self { kind, code, place, message: innermost.to_string() }
    }
}
