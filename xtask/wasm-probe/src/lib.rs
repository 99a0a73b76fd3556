//! Engine and parser behind one export, so that nothing of them is stripped away.

use trutina_engine::diagnostic::FileId;
use trutina_engine::ruleset::script::ScriptParser as _;
use trutina_engine::value::Decimal;
use trutina_engine::value::decimal::RoundingMode;
use trutina_engine::value::odds;
use trutina_script::Parser;

const RULES: &str = include_str!("../../../rulesets/retail-credit-rating/rules.rhai");

/// Parses the rules of the shipped pack, and gives the probability of default of a score in millionths, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn trutina_probe(score: i64) -> i64 {
    let mut diagnostics = Vec::new();
    let script = Parser.parse_script(FileId(0), RULES, &mut diagnostics);
    let figure = |n: i64| Decimal::from(n);
    let pd = odds::pd_from_score(figure(score), figure(50), figure(600), figure(19), 6, RoundingMode::HalfUp);
    let millionths = pd.ok().and_then(|pd| i64::try_from(pd.mantissa()).ok());
    script.filter(|_| diagnostics.is_empty()).and(millionths).unwrap_or(-1)
}
