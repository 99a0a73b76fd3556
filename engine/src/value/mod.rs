//! What a datum is: exact decimals, civil dates, the value and the evaluator's slot; and their exact arithmetic, points
//! to double the odds included.

pub mod date;
pub mod datum;
pub mod decimal;
mod fixed_point;
pub mod integer;
mod number_text;
pub mod odds;
pub mod ordered;
mod rounding;
mod same;
pub mod slot;

pub use datum::Value;
pub use decimal::Decimal;
pub(crate) use same::same;
