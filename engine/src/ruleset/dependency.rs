//! What depends on what: plain data that `check` finds out, and that a program keeps.

/// Something that a value may depend on, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A scorecard, by index.
    Scorecard(u32),
    /// A scale, by index.
    Scale(u32),
    /// A table or matrix, by index.
    Table(u32),
    /// The rules with this effect, by index of the effect.
    Effect(u16),
    /// A derived fact, by index.
    Derived(u32),
    /// A fact, by index.
    Fact(u32),
    /// A parameter, by index.
    Parameter(u32),
}

/// Per part of a ruleset, in its declared order: what it reads, through variables, constants, helper functions and the
/// conditions above them; each list ascends. A derived fact and an artefact are named and not followed: they have lists
/// of their own. It may name too much, never too little.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// What each derived fact reads.
    pub derived: Vec<Vec<Source>>,
    /// What each rule reads.
    pub rules: Vec<Vec<Source>>,
    /// The characteristics of each scorecard.
    pub scorecards: Vec<Vec<Source>>,
    /// Where the values come from that are looked up in each scale.
    pub scales: Vec<Vec<Source>>,
    /// Where the arguments of each table come from, and what its computed cells read.
    pub tables: Vec<Vec<Source>>,
    /// What each output depends on.
    pub outputs: Vec<Vec<Source>>,
}
