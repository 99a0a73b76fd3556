//! Results of the functions of odds, by all they depend on. The same operands give the same number whether it is
//! remembered or not: nothing of a decision is kept but the arithmetic.

use crate::ruleset::checked::Function;
use crate::value::decimal::Decimal;

/// One place per class of first operands (a score, mostly): whole scores of three digits never displace each other.
const PLACES: usize = 1 << 10;

/// Results that are let go before any is kept: whoever decides once would pay for a hundred kilobytes and never look
/// at them again.
const LET_GO: u32 = 16;

/// Remembered results.
#[derive(Clone, Debug, Default)]
pub(super) struct OddsMemory {
    /// Empty until enough results were let go.
    places: Vec<Option<Known>>,
    let_go: u32,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    function: Function,
    operands: [Decimal; 4],
    result: Decimal,
}

impl OddsMemory {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn find(&self, function: Function, operands: &[Decimal; 4]) -> Option<Decimal> {
        let known = self.places.get(place(operands))?.as_ref()?;
        let same = known.function == function && known.operands.iter().zip(operands).all(|(a, b)| identical(*a, *b));
        same.then_some(known.result)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn keep(&mut self, function: Function, operands: [Decimal; 4], result: Decimal) {
        if self.let_go < LET_GO {
            self.let_go = self.let_go.saturating_add(1);
            return;
        }
        if self.places.is_empty() {
            self.places.resize(PLACES, None);
        }
        if let Some(place) = self.places.get_mut(place(&operands)) {
            *place = Some(Known { function, operands, result });
        }
    }
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn identical(a: Decimal, b: Decimal) -> bool {
    a.mantissa() == b.mantissa() && a.scale() == b.scale()
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn place(operands: &[Decimal; 4]) -> usize {
    let [first, ..] = operands;
    usize::try_from(first.mantissa().unsigned_abs() & (PLACES as u128).wrapping_sub(1)).unwrap_or(0)
}
