//! Rulesets and facts, generated: well typed by construction, written as the files an author would write.

pub mod actions;
mod artefacts;
mod boolean;
pub mod choices;
mod expr;
mod records;
mod script;
mod tables;
mod world;

use std::collections::BTreeMap;

use proptest::prelude::{Strategy, any};
use proptest::strategy::BoxedStrategy;

use choices::Choices;
use expr::Gen;
use world::{Ty, csv_row, toml_type};

/// A generated ruleset with records to decide.
#[derive(Clone, Debug)]
pub struct Case {
    /// The choices it is made of.
    pub choices: Vec<u32>,
    /// The ruleset's files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The date the decisions speak for, `2026-11-30`.
    pub as_of: String,
    /// Facts, one JSON object each.
    pub records: Vec<String>,
}

/// Choices per case; what is not used costs nothing.
pub const CHOICES: usize = 4_000;

/// Records per case.
pub const RECORDS: usize = 6;

/// The case of a seed.
pub fn from_seed(seed: u64) -> Case {
    from_choices(&choices::from_seed(seed, CHOICES))
}

/// Cases for proptest; it shrinks the choices.
pub fn strategy() -> BoxedStrategy<Case> {
    proptest::collection::vec(any::<u32>(), 0..CHOICES).prop_map(|choices| from_choices(&choices)).boxed()
}

/// The case of these choices.
pub fn from_choices(given: &[u32]) -> Case {
    let mut choices = Choices::new(given);
    let mut world = world::declare(&mut choices);
    let outputs: Vec<(&'static str, Ty, bool)> = script::OUTPUTS
        .iter()
        .enumerate()
        .filter(|(index, _)| *index == 0 || choices.chance(60))
        .map(|(_, output)| *output)
        .collect();
    let mut manifest = manifest(&mut choices, &outputs);
    let mut gen_ = Gen { c: &mut choices, world: &mut world };
    gen_.declarations();
    for _ in 0..gen_.c.below(3) {
        gen_.scorecard();
        if gen_.c.chance(60) {
            gen_.scale();
        }
    }
    for _ in 0..gen_.c.below(4) {
        gen_.table();
    }
    if gen_.c.chance(20) {
        gen_.matrix();
    }
    if gen_.c.chance(30) {
        gen_.derived_from_artefact();
    }
    gen_.decide(&outputs);
    manifest += &world::write_facts(&world);
    manifest += &world.sections;
    let as_of = world::DATES[[4, 5, 0, 1][choices.weighted(&[12, 3, 2, 1])]].to_owned();
    let records = (0..RECORDS).map(|_| records::record(&mut choices, &world)).collect();
    let mut files: BTreeMap<String, Vec<u8>> =
        std::mem::take(&mut world.files).into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let mut reasons = csv_row(&["code", "en", "zh-CN"]);
    world.reasons.sort();
    world.reasons.dedup();
    for code in &world.reasons {
        reasons += &csv_row(&[code.as_str(), &format!("reason {code}, \"quoted\""), "原因"]);
    }
    files.insert("reasons.csv".to_owned(), reasons.into_bytes());
    files.insert("ruleset.toml".to_owned(), manifest.into_bytes());
    files.insert("rules.rhai".to_owned(), world.script.into_bytes());
    let used = choices.used().min(given.len());
    Case { choices: given[..used].to_vec(), files, as_of, records }
}

fn manifest(c: &mut Choices<'_>, outputs: &[(&'static str, Ty, bool)]) -> String {
    let mut out = String::from(
        "language = 1\nid = \"generated\"\nversion = \"1.0.0\"\ntitle = { en = \"Generated\" }\neffects = [\"watch\"]\n",
    );
    if c.chance(20) {
        out += "on_error = \"refer\"\n";
    }
    match c.below(16) {
        1 => out += "effective_from = 2026-01-31\n",
        2 => out += "effective_until = 2026-12-31\n",
        3 => out += "effective_from = 2024-02-29\neffective_until = 2026-11-30\n",
        _ => {}
    }
    out += &format!("[outputs]\noutcome = {{ {} }}\n", toml_type(Ty::Enum(0)));
    out += "numbers = { type = \"list\", of = \"integer\" }\n";
    for (name, ty, optional) in outputs {
        let optional = if *optional { ", optional = true" } else { "" };
        out += &format!("{name} = {{ {}{optional} }}\n", toml_type(*ty));
    }
    out
}
