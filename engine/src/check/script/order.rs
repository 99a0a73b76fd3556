//! The order in which derived facts are looked at: those that others seem to read come first, so that the checker does
//! not have to descend through a long chain of them. The order is only a hint; cycles are found where they are read.

use crate::ruleset::script::{Block, ExprKind};
use crate::value::ordered::{Map, Set};

use super::Checker;
use super::walk::{Node, visit_block};

impl Checker<'_> {
    /// All derived facts, each once.
    pub(super) fn derive_order(&self) -> Vec<usize> {
        let mut functions: Map<&str, Mentions<'_>> = Map::new();
        for function in &self.ruleset.script.functions {
            functions.insert(&function.name.name, mentions(&function.body));
        }
        let read: Vec<Set<usize>> = self
            .names
            .derives
            .iter()
            .map(|(_, closure)| self.derived_in(mentions(&closure.body), &functions))
            .collect();
        depth_first(&read)
    }

    /// The derived facts that a body seems to read, through helper functions too.
    fn derived_in(&self, own: Mentions<'_>, functions: &Map<&str, Mentions<'_>>) -> Set<usize> {
        let mut found = Set::new();
        let mut seen: Set<&str> = Set::new();
        let mut waiting: Vec<&Mentions<'_>> = vec![&own];
        while let Some(mentions) = waiting.pop() {
            found.extend(mentions.fields.iter().filter_map(|field| self.names.derived.get(field).copied()));
            for call in &mentions.calls {
                if let Some((name, mentions)) = functions.get(call).map(|mentions| (call, mentions))
                    && seen.insert(name)
                {
                    waiting.push(mentions);
                }
            }
        }
        found
    }
}

/// Names of fields and functions in a body.
#[derive(Default)]
struct Mentions<'a> {
    fields: Set<&'a str>,
    calls: Set<&'a str>,
}

fn mentions(block: &Block) -> Mentions<'_> {
    let mut mentions = Mentions::default();
    visit_block(block, &mut |node| {
        if let Node::Expr(expr) = node {
            match &expr.kind {
                ExprKind::Property { name, .. } => {
                    mentions.fields.insert(&name.name);
                }
                ExprKind::Call { name, .. } => {
                    mentions.calls.insert(&name.name);
                }
                _ => {}
            }
        }
    });
    mentions
}

/// Every index after those it reads, as far as there are no cycles; without recursion.
fn depth_first(read: &[Set<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(read.len());
    let mut seen = vec![false; read.len()];
    let enter = |index: usize, seen: &mut Vec<bool>| match seen.get_mut(index) {
        Some(seen) if !*seen => {
            *seen = true;
            true
        }
        _ => false,
    };
    for start in 0..read.len() {
        let mut path = Vec::new();
        if enter(start, &mut seen) {
            path.push((start, read.get(start).into_iter().flatten()));
        }
        while let Some((index, rest)) = path.last_mut() {
            match rest.next() {
                Some(next) if enter(*next, &mut seen) => path.push((*next, read.get(*next).into_iter().flatten())),
                Some(_) => {}
                None => {
                    order.push(*index);
                    path.pop();
                }
            }
        }
    }
    order
}
