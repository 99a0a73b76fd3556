//! Fifty threshold rules over thirty decimal facts, as the authors write them and as plain Rhai.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::{Files, Random};

/// Facts `x00`..`x29`.
pub const FACTS: usize = 30;
/// Rules.
pub const RULES: usize = 50;

/// One rule: `x[a] > t && x[b] <= u`.
#[derive(Clone, Copy, Debug)]
pub struct Threshold {
    /// First fact.
    pub a: usize,
    /// Its threshold.
    pub t: Decimal,
    /// Second fact.
    pub b: usize,
    /// Its threshold.
    pub u: Decimal,
}

/// `count` rules, the same in every run.
#[must_use]
pub fn thresholds(count: usize) -> Vec<Threshold> {
    let mut random = Random::new(11);
    let mut number = |end: u64| usize::try_from(random.below(end)).unwrap_or(0);
    (0..count)
        .map(|_| Threshold {
            a: number(30),
            t: Decimal::new(i64::try_from(number(10_000)).unwrap_or(0), 2),
            b: number(30),
            u: Decimal::new(i64::try_from(number(10_000)).unwrap_or(0), 2),
        })
        .collect()
}

/// The rules as a ruleset.
#[must_use]
pub fn files(rules: &[Threshold]) -> Files {
    let mut manifest = String::from(
        "language = 1\nid = \"bench-rules\"\nversion = \"1.0.0\"\n[outputs]\noutcome = { type = \"enum\", values = [\"approve\", \"refer\", \"decline\"] }\n",
    );
    for index in 0..FACTS {
        let _ = write!(manifest, "[facts.x{index:02}]\ntype = \"decimal\"\nscale = 2\nmin = 0\nmax = 100\n");
    }
    let mut text = String::new();
    for (index, rule) in rules.iter().enumerate() {
        let _ = writeln!(
            text,
            "rule(\"K{index:04}\", \"refer\", |f| f.x{:02} > {} && f.x{:02} <= {});",
            rule.a, rule.t, rule.b, rule.u
        );
    }
    text.push_str(
        "fn decide(f, hits) {\n    #{ outcome: if hits.has(\"refer\") { \"refer\" } else { \"approve\" } }\n}\n",
    );
    [("ruleset.toml", manifest), ("rules.rhai", text), ("reasons.csv", "code,en,zh-CN\n".to_owned())]
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.into_bytes()))
        .collect()
}

/// One record.
pub type Facts = [Decimal; FACTS];

/// `count` records.
#[must_use]
pub fn facts(count: usize) -> Vec<Facts> {
    let mut random = Random::new(13);
    (0..count)
        .map(|_| std::array::from_fn(|_| Decimal::new(i64::try_from(random.below(10_000)).unwrap_or(0), 2)))
        .collect()
}

/// A record as JSON.
#[must_use]
pub fn json(facts: &Facts) -> String {
    let pairs: Vec<String> = facts.iter().enumerate().map(|(index, x)| format!("\"x{index:02}\":\"{x}\"")).collect();
    format!("{{{}}}", pairs.join(","))
}

/// The rules by hand: a bit per rule that held.
#[must_use]
pub fn by_hand(rules: &[Threshold], facts: &Facts) -> u64 {
    rules
        .iter()
        .enumerate()
        .fold(0, |held, (index, rule)| held | (u64::from(facts[rule.a] > rule.t && facts[rule.b] <= rule.u) << index))
}

/// The rules in plain Rhai, facts as scope variables: it counts the rules that hold.
#[must_use]
pub fn rhai_script(rules: &[Threshold]) -> String {
    let mut text = String::from("let hits = 0;\n");
    for rule in rules {
        let _ = writeln!(text, "if x{:02} > {} && x{:02} <= {} {{ hits += 1; }}", rule.a, rule.t, rule.b, rule.u);
    }
    text.push_str("hits\n");
    text
}

/// The scope of [`rhai_script`].
#[must_use]
pub fn rhai_scope(facts: &Facts) -> rhai::Scope<'static> {
    let mut scope = rhai::Scope::new();
    for (index, x) in facts.iter().enumerate() {
        scope.push_constant(format!("x{index:02}"), *x);
    }
    scope
}
