//! The graph of a walk: nodes, and what each reads.

use std::cell::{Cell, RefCell};

use crate::ruleset::dependency::Source;
use crate::value::ordered::Set;

/// Links followed in one ruleset; after that a node counts as reading everything.
const MOST_STEPS: usize = 40_000_000;

/// What a node reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Source(Source),
    Node(usize),
}

/// Nodes with their links.
#[derive(Debug, Default)]
pub(super) struct Graph {
    links: Vec<Vec<Link>>,
    /// Per node: the last search that met it.
    met: RefCell<Vec<usize>>,
    searches: Cell<usize>,
    steps: Cell<usize>,
}

impl Graph {
    /// A node that reads nothing yet.
    pub(super) fn node(&mut self) -> usize {
        self.links.push(Vec::new());
        self.links.len().saturating_sub(1)
    }

    /// A node reads something more.
    pub(super) fn link(&mut self, node: usize, link: Link) {
        if let Some(links) = self.links.get_mut(node)
            && links.last() != Some(&link)
        {
            links.push(link);
        }
    }

    /// All that a node reads, directly or not.
    pub(super) fn sources(&self, node: usize) -> Vec<Source> {
        self.reach(node, &[]).0.into_iter().collect()
    }

    /// All that a node reads, but for what lies behind the nodes `ends`; and the positions of the ends it reaches.
    pub(super) fn reach(&self, node: usize, ends: &[usize]) -> (Set<Source>, Vec<usize>) {
        if self.steps.get() > MOST_STEPS {
            let everything = self.links.iter().flatten().filter_map(|link| match link {
                Link::Source(source) => Some(*source),
                Link::Node(_) => None,
            });
            return (everything.collect(), (0..ends.len()).collect());
        }
        let search = self.searches.get().saturating_add(1);
        self.searches.set(search);
        let mut met = self.met.borrow_mut();
        met.resize(self.links.len(), 0);
        let mut first = |node: usize| met.get_mut(node).is_some_and(|met| std::mem::replace(met, search) != search);
        let (mut sources, mut reached) = (Set::new(), Vec::new());
        let mut waiting = Vec::new();
        if first(node) {
            waiting.push(node);
        }
        while let Some(node) = waiting.pop() {
            if let Some(position) = ends.iter().position(|end| *end == node) {
                reached.push(position);
                continue;
            }
            for link in self.links.get(node).into_iter().flatten() {
                self.steps.set(self.steps.get().saturating_add(1));
                match link {
                    Link::Source(source) => drop(sources.insert(*source)),
                    Link::Node(next) if first(*next) => waiting.push(*next),
                    Link::Node(_) => {}
                }
            }
        }
        (sources, reached)
    }
}
