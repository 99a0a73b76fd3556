//! What a datum is: exact decimals, civil dates, the value and the evaluator's slot.

pub mod date;
pub mod datum;
pub mod decimal;
pub mod slot;

pub use datum::Value;
pub use rust_decimal::Decimal;
