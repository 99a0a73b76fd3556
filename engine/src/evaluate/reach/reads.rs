//! Which moving facts and which locals a node depends on, through derived facts, functions, cards and tables.

use crate::program::artefact::{RowOutputs, TableProgram};
use crate::program::{Node, NodeId, Program, operands};
use crate::ruleset::checked::Input;

/// The bit of what depends on `hits.has(...)`.
pub(super) const HITS: u64 = 1 << 63;

/// How many facts may move.
pub(in crate::evaluate) const MOST_FACTS: usize = 63;

/// How deeply nodes may nest: the stack is bounded on every host, and what walks it here is larger than the evaluator.
const MOST_DEPTH: u32 = 160;

/// How many words the sets of locals may take together: 32 MiB.
const MOST_WORDS: usize = 4 << 20;

/// Which moving facts and which locals every node depends on.
#[derive(Clone, Debug)]
pub(in crate::evaluate) struct Reads {
    facts: Vec<u64>,
    locals: Vec<u64>,
    words: usize,
}

/// One pass over the nodes.
struct Pass<'a> {
    program: &'a Program,
    moving: &'a [u32],
    reads: Reads,
    depths: Vec<u32>,
    changed: bool,
}

/// What one node depends on.
#[derive(Default)]
struct Found {
    facts: u64,
    locals: Vec<u64>,
    depth: u32,
}

impl Reads {
    /// Nothing if the program is too large or too deep to be searched.
    pub fn new(program: &Program, moving: &[u32]) -> Option<Self> {
        let nodes = program.code.nodes.len();
        let words = (program.locals as usize).div_ceil(64);
        let total = nodes.checked_mul(words).filter(|total| *total <= MOST_WORDS)?;
        let reads = Self { facts: vec![0; nodes], locals: vec![0; total], words };
        let mut pass = Pass { program, moving, reads, depths: vec![0; nodes], changed: true };
        while pass.changed {
            pass.changed = false;
            for (node, id) in program.code.nodes.iter().zip(0..) {
                pass.visit(id, *node);
                if pass.depths.get(id as usize).is_none_or(|depth| *depth > MOST_DEPTH) {
                    return None;
                }
            }
        }
        Some(pass.reads)
    }

    /// The moving facts, a bit each, that a node depends on, and [`HITS`].
    pub fn facts(&self, node: NodeId) -> u64 {
        self.facts.get(node as usize).copied().unwrap_or(u64::MAX)
    }

    /// The locals that are read or stored under a node, 64 to a word.
    pub fn locals(&self, node: NodeId) -> &[u64] {
        let start = (node as usize).saturating_mul(self.words);
        self.locals.get(start..start.saturating_add(self.words)).unwrap_or(&[])
    }
}

impl Pass<'_> {
    fn visit(&mut self, id: NodeId, node: Node) {
        let mut found = Found { locals: vec![0; self.reads.words], ..Found::default() };
        let program = self.program;
        operands(&program.code, node, &mut |operand| self.take(operand, &mut found));
        match node {
            Node::Fact(fact)
            | Node::FactWithin { fact, .. }
            | Node::FactDecimalWithin { fact, .. }
            | Node::FactDecimalNarrow { fact, .. }
            | Node::FactIn { fact, .. } => found.facts |= self.bit(fact),
            Node::Derived(derived) => self.derived(derived, &mut found),
            Node::Has(_) => found.facts |= HITS,
            Node::Local(local)
            | Node::Store { local, .. }
            | Node::ForRange { local, .. }
            | Node::ForList { local, .. }
            | Node::Aggregate { closure: Some((local, _)), .. } => mark(&mut found.locals, local),
            Node::Invoke { arguments, .. } => {
                let start = arguments.start as usize;
                let items = program.code.items.get(start..start.saturating_add(arguments.len as usize)).unwrap_or(&[]);
                items.chunks_exact(2).filter_map(|pair| pair.first()).for_each(|local| mark(&mut found.locals, *local));
            }
            Node::Scorecard(card)
            | Node::CardScore { scorecard: card, .. }
            | Node::CardPoints { scorecard: card, .. } => self.card(card, &mut found),
            Node::Table { table, .. } => self.table(program.tables.get(table as usize), &mut found),
            _ => {}
        }
        self.keep(id, &found);
    }

    fn bit(&self, fact: u32) -> u64 {
        let place = self.moving.iter().position(|moving| *moving == fact);
        place.and_then(|place| 1_u64.checked_shl(u32::try_from(place).ok()?)).unwrap_or(0)
    }

    fn take(&self, node: NodeId, found: &mut Found) {
        found.facts |= self.reads.facts(node);
        for (own, theirs) in found.locals.iter_mut().zip(self.reads.locals(node)) {
            *own |= theirs;
        }
        found.depth = found.depth.max(self.depths.get(node as usize).copied().unwrap_or(u32::MAX));
    }

    fn derived(&self, derived: u32, found: &mut Found) {
        if let Some(derived) = self.program.derived.get(derived as usize) {
            self.take(derived.body, found);
        }
    }

    fn card(&self, card: u32, found: &mut Found) {
        let card = self.program.scorecards.get(card as usize);
        for characteristic in card.into_iter().flat_map(|card| &card.characteristics) {
            match characteristic.input {
                Input::Fact(fact) => found.facts |= u32::try_from(fact).map_or(0, |fact| self.bit(fact)),
                Input::Derived(derived) => self.derived(u32::try_from(derived).unwrap_or(u32::MAX), found),
            }
        }
    }

    fn table(&self, table: Option<&TableProgram>, found: &mut Found) {
        let rows = table.into_iter().flat_map(|table| table.rows.iter().chain(&table.default_row));
        for row in rows {
            if let RowOutputs::Computed(items) = row.outputs {
                let start = items.start as usize;
                let nodes = self.program.code.items.get(start..start.saturating_add(items.len as usize));
                nodes.unwrap_or(&[]).iter().for_each(|node| self.take(*node, found));
            }
        }
    }

    fn keep(&mut self, id: NodeId, found: &Found) {
        let depth = found.depth.saturating_add(1);
        if let Some(place) = self.depths.get_mut(id as usize)
            && *place < depth
        {
            *place = depth;
            self.changed = true;
        }
        if let Some(place) = self.reads.facts.get_mut(id as usize)
            && *place != found.facts
        {
            *place = found.facts;
            self.changed = true;
        }
        let start = (id as usize).saturating_mul(self.reads.words);
        let places = self.reads.locals.get_mut(start..start.saturating_add(self.reads.words)).unwrap_or_default();
        if places != found.locals.as_slice() {
            places.copy_from_slice(&found.locals);
            self.changed = true;
        }
    }
}

fn mark(locals: &mut [u64], local: u32) {
    if let Some(word) = locals.get_mut((local >> 6) as usize) {
        *word |= 1_u64.wrapping_shl(local & 63);
    }
}
