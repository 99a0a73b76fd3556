//! Engine and parser behind one export, so that nothing of them is stripped away.

use trutina_engine::value::Decimal;
use trutina_engine::value::decimal::RoundingMode;
use trutina_engine::value::odds;

/// The probability of default of a score in millionths, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn trutina_probe(score: i64) -> i64 {
    let figure = |n: i64| Decimal::from(n);
    let pd = odds::pd_from_score(figure(score), figure(50), figure(600), figure(19), 6, RoundingMode::HalfUp);
    pd.ok().and_then(|pd| i64::try_from(pd.mantissa()).ok()).unwrap_or(-1)
}
