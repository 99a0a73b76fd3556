//! What would change a decision: the nearest values of facts that a customer can act on.

use super::TraceValue;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangesStatus {
    /// The outcome is the best there is.
    BestAlready,
    /// Some change would give a better outcome.
    Found,
    /// It is proven that no change of one fact and no change of two would.
    NothingWould,
    /// The search found nothing and proves nothing.
    NoneFound,
    /// There is no outcome to better: the decision ends in an error, or the ruleset declares no `outcome`.
    NotDecided,
}

impl ChangesStatus {
    /// The word of the wire format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BestAlready => "best_already",
            Self::Found => "found",
            Self::NothingWould => "nothing_would",
            Self::NoneFound => "none_found",
            Self::NotDecided => "not_decided",
        }
    }
}

/// What would change a decision. Every change listed was decided: it gives the outcome that stands with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// How the search ended.
    pub status: ChangesStatus,
    /// Nothing is left to find: every fact was searched to the end, and every pair is listed.
    pub complete: bool,
    /// Per fact in declared order: its nearest values that give a better outcome.
    pub single: Vec<Change>,
    /// Per two facts in declared order: both changed, and no other change of one or both gives a better outcome with less
    /// of one and no more of the other. Of many, some that lie apart.
    pub pairs: Vec<Change>,
}

/// Facts changed together, in declared order, and the outcome they give.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// One fact or two.
    pub facts: Vec<ChangedFact>,
    /// The better outcome.
    pub outcome: String,
}

/// One fact, changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedFact {
    /// Index among the program's facts.
    pub fact: usize,
    /// Its value now; masked if the fact is sensitive.
    pub from: TraceValue,
    /// Its value then; masked if the fact is sensitive.
    pub to: TraceValue,
}

impl Changes {
    /// A search that had nothing to search.
    #[must_use]
    pub const fn empty(status: ChangesStatus) -> Self {
        Self { status, complete: true, single: Vec::new(), pairs: Vec::new() }
    }
}
