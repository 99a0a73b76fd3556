//! Rounding with big integers.
#![expect(clippy::arithmetic_side_effects, reason = "big integers grow instead of overflowing")]

use num_bigint::{BigInt, Sign};
use num_integer::Integer as _;
use rhai::Dynamic;
use rust_decimal::Decimal;
use trutina_engine::diagnostic::codes;

use super::failure::Failure;

/// `numerator / denominator`, not reduced.
#[derive(Clone, Debug)]
pub struct Fraction {
    numerator: BigInt,
    denominator: BigInt,
}

impl Fraction {
    /// A number of the interpreter; `None` if it is none.
    pub fn of(value: &Dynamic) -> Option<Self> {
        if let Ok(integer) = value.as_int() {
            return Some(Self { numerator: integer.into(), denominator: 1.into() });
        }
        value.as_decimal().ok().map(|decimal| Self {
            numerator: decimal.mantissa().into(),
            denominator: BigInt::from(10).pow(decimal.scale()),
        })
    }

    pub fn ratio(numerator: i64, denominator: i64) -> Self {
        Self { numerator: numerator.into(), denominator: denominator.into() }
    }

    /// Errors: `T4002`.
    pub fn divided_by(self, other: Self) -> Result<Self, Failure> {
        if other.numerator.sign() == Sign::NoSign {
            return Err(Failure::new(codes::DIVISION_BY_ZERO, "division by zero"));
        }
        let negative = other.numerator.sign() == Sign::Minus;
        let (mut numerator, mut denominator) = (self.numerator * other.denominator, self.denominator * other.numerator);
        if negative {
            (numerator, denominator) = (-numerator, -denominator);
        }
        Ok(Self { numerator, denominator })
    }

    /// The coefficient of the number rounded to `scale` digits after the point.
    pub fn rounded(&self, scale: u32, mode: &str) -> Result<BigInt, Failure> {
        let scaled = &self.numerator * BigInt::from(10).pow(scale);
        let (floor, rest) = scaled.div_mod_floor(&self.denominator);
        if rest.sign() == Sign::NoSign {
            return Ok(floor);
        }
        let twice = &rest + &rest;
        let negative = scaled.sign() == Sign::Minus;
        let up = match mode {
            "floor" => false,
            "ceiling" => true,
            "down" => negative,
            "up" => !negative,
            "half_up" if twice == self.denominator => !negative,
            "half_even" if twice == self.denominator => floor.is_odd(),
            "half_up" | "half_even" => twice > self.denominator,
            other => return Err(Failure::of_type(format!("unknown rounding mode `{other}`"))),
        };
        Ok(if up { floor + 1 } else { floor })
    }
}

/// The decimal `coefficient` · 10^−`scale`. Errors: `T4001`.
fn decimal(coefficient: &BigInt, scale: u32) -> Result<Decimal, Failure> {
    let too_large = || Failure::new(codes::OVERFLOW, "the result does not fit a decimal");
    let small = i128::try_from(coefficient).map_err(|_| too_large())?;
    Decimal::try_from_i128_with_scale(small, scale).map_err(|_| too_large())
}

/// `round(x, scale, mode)`
pub fn round(x: &Dynamic, scale: i64, mode: &str) -> Result<Decimal, Failure> {
    let number = Fraction::of(x).ok_or_else(|| Failure::of_type("round takes a number"))?;
    let digits = u32::try_from(scale).map_err(|_| Failure::of_type("the scale is negative"))?;
    let plain = x.as_decimal().or_else(|_| x.as_int().map(Decimal::from)).unwrap_or_default();
    if plain.scale() <= digits {
        return Ok(plain);
    }
    decimal(&number.rounded(digits, mode)?, digits)
}

/// A fraction rounded once.
pub fn rounded(number: &Fraction, scale: i64, mode: &str) -> Result<Decimal, Failure> {
    let digits = u32::try_from(scale).map_err(|_| Failure::of_type("the scale is negative"))?;
    decimal(&number.rounded(digits, mode)?, digits)
}

/// `div(a, b, scale, mode)`
pub fn div(a: &Dynamic, b: &Dynamic, scale: i64, mode: &str) -> Result<Decimal, Failure> {
    let (Some(a), Some(b)) = (Fraction::of(a), Fraction::of(b)) else {
        return Err(Failure::of_type("div takes two numbers"));
    };
    rounded(&a.divided_by(b)?, scale, mode)
}
