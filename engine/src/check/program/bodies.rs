//! What belongs to which body: every node to one, every local to one; and what calls what, without a circle.

use super::nodes::items;
use super::{Check, demand, within};
use crate::program::artefact::RowOutputs;
use crate::program::{Code, Node, NodeId, Program, operands};
use crate::ruleset::checked::{Input, Type, TypeKind};

/// What a body is the body of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// A rule's condition.
    Rule,
    /// The value of a derived fact.
    Derived(u32),
    /// `decide`
    Decide,
    /// An output of a row of a table.
    Cell { table: u32, output: u32 },
    /// A helper function.
    Function,
}

/// A body with its nodes.
pub(super) struct Body {
    pub root: Root,
    pub node: NodeId,
    /// Ascending, the functions and derived facts it calls left out.
    pub nodes: Vec<NodeId>,
    /// The locals that its callers fill, of a function.
    pub parameters: Option<Vec<u32>>,
}

/// The bodies of a program.
pub(super) struct Bodies<'p> {
    pub list: Vec<Body>,
    /// Per node: the function that it is the body of.
    functions: Vec<Option<usize>>,
    /// Bodies, then tables, then cards: each behind all that it calls.
    pub order: Vec<usize>,
    /// The type of each local: what is stored in it first.
    pub locals: Vec<Option<&'p Type>>,
    /// Per node: something is stored in it or below.
    pub stores: Vec<bool>,
    owner: Vec<Option<usize>>,
}

/// The variable of a loop over a range.
static INTEGER: Type = Type::plain(TypeKind::Integer);

impl<'p> Bodies<'p> {
    /// Walks all bodies. No node stands in two places, and nothing calls itself.
    pub fn find(program: &'p Program) -> Check<Self> {
        let nodes = program.code.nodes.len();
        let mut bodies = Self {
            list: Vec::new(),
            functions: vec![None; nodes],
            order: Vec::new(),
            locals: vec![None; program.locals as usize],
            stores: Vec::with_capacity(nodes),
            owner: vec![None; nodes],
        };
        for (derived, index) in program.derived.iter().zip(0..) {
            bodies.add(Root::Derived(index), derived.body);
        }
        for rule in &program.rules {
            bodies.add(Root::Rule, rule.body);
        }
        bodies.add(Root::Decide, program.decide);
        bodies.add_cells(program)?;
        let mut next = 0;
        while next < bodies.list.len() {
            bodies.collect(&program.code, next)?;
            next = next.saturating_add(1);
        }
        bodies.note_stores(&program.code);
        bodies.own_locals(&program.code)?;
        bodies.order = bodies.sorted(program)?;
        Ok(bodies)
    }

    fn add(&mut self, root: Root, node: NodeId) {
        self.list.push(Body { root, node, nodes: Vec::new(), parameters: None });
    }

    fn add_cells(&mut self, program: &Program) -> Check {
        for (table, index) in program.tables.iter().zip(0..) {
            for row in table.rows.iter().chain(&table.default_row) {
                let RowOutputs::Computed(cells) = row.outputs else { continue };
                for (node, output) in items(&program.code, cells)?.iter().zip(0..) {
                    self.add(Root::Cell { table: index, output }, *node);
                }
            }
        }
        Ok(())
    }

    /// Which body calls a function.
    pub fn function(&self, body: NodeId) -> Option<usize> {
        self.functions.get(body as usize).copied().flatten()
    }

    /// Gives a body its nodes.
    fn collect(&mut self, code: &Code, body: usize) -> Check {
        let Some(root) = self.list.get(body) else { return Ok(()) };
        let mut waiting = vec![root.node];
        let mut found = Vec::new();
        while let Some(id) = waiting.pop() {
            let owner = self.owner.get_mut(id as usize).ok_or(&"a body is no node")?;
            demand(owner.is_none(), &"a node stands in two places")?;
            *owner = Some(body);
            found.push(id);
            let node = *within(&code.nodes, id, &"a body is no node")?;
            match node {
                Node::Invoke { body, arguments } => {
                    let mut parameters = Vec::new();
                    for pair in items(code, arguments)?.chunks_exact(2) {
                        if let [local, value] = pair {
                            parameters.push(*local);
                            waiting.push(*value);
                        }
                    }
                    self.call(body, parameters)?;
                }
                _ => operands(code, node, &mut |operand| waiting.push(operand)),
            }
        }
        found.sort_unstable();
        if let Some(body) = self.list.get_mut(body) {
            body.nodes = found;
        }
        Ok(())
    }

    /// A function is called; all calls fill the same locals.
    fn call(&mut self, body: NodeId, parameters: Vec<u32>) -> Check {
        let known = self.functions.get_mut(body as usize).ok_or(&"a body is no node")?;
        let index = *known.get_or_insert(self.list.len());
        if index == self.list.len() {
            self.add(Root::Function, body);
        }
        let Some(function) = self.list.get_mut(index) else { return Ok(()) };
        if let Some(known) = &function.parameters {
            return demand(*known == parameters, &"a function is called with other parameters");
        }
        function.parameters = Some(parameters);
        Ok(())
    }

    fn note_stores(&mut self, code: &Code) {
        for node in &code.nodes {
            let mut stores = matches!(
                node,
                Node::Store { .. }
                    | Node::ForRange { .. }
                    | Node::ForList { .. }
                    | Node::Aggregate { closure: Some(_), .. }
            );
            let values_only = |operand: NodeId| !matches!(node, Node::Invoke { body, .. } if *body == operand);
            operands(code, *node, &mut |operand| {
                stores |= values_only(operand) && self.stores.get(operand as usize).copied().unwrap_or(false);
            });
            self.stores.push(stores);
        }
    }

    /// Every local belongs to one body, and has the type of what is stored in it first.
    fn own_locals(&mut self, code: &'p Code) -> Check {
        let mut owners: Vec<Option<usize>> = vec![None; self.locals.len()];
        for (id, node) in (0..).zip(&code.nodes) {
            let Some(Some(owner)) = self.owner.get(id as usize).copied() else { continue };
            let element = |list: NodeId| match code.type_of(list).map(|ty| &ty.kind) {
                Some(TypeKind::List(of) | TypeKind::Series(of)) => Some(&**of),
                _ => None,
            };
            let mut own = |local: u32, owner: usize, ty: Option<&'p Type>| -> Check {
                let place = owners.get_mut(local as usize).ok_or(&"a local has no place")?;
                demand(*place.get_or_insert(owner) == owner, &"a local belongs to two bodies")?;
                if let Some(known) = self.locals.get_mut(local as usize) {
                    *known = known.or(ty);
                }
                Ok(())
            };
            let (local, ty) = match *node {
                Node::Local(local) => (local, None),
                Node::Store { local, value } => (local, code.type_of(value)),
                Node::ForRange { local, .. } => (local, Some(&INTEGER)),
                Node::ForList { local, list, .. } | Node::Aggregate { list, closure: Some((local, _)), .. } => {
                    (local, element(list))
                }
                Node::Invoke { body, arguments } => {
                    let function = self.functions.get(body as usize).copied().flatten().ok_or(&"a function is none")?;
                    for pair in items(code, arguments)?.chunks_exact(2) {
                        if let [local, value] = pair {
                            own(*local, function, code.type_of(*value))?;
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            own(local, owner, ty)?;
        }
        Ok(())
    }

    /// Where a table, and where a card, stands in the order.
    pub fn table(&self, table: u32) -> usize {
        self.list.len().saturating_add(table as usize)
    }

    pub fn card(&self, program: &Program, card: u32) -> usize {
        self.table(card).saturating_add(program.tables.len())
    }

    /// What a node calls, if it calls something.
    pub fn called(&self, program: &Program, node: Node) -> Option<usize> {
        match node {
            Node::Derived(derived) => Some(derived as usize),
            Node::Invoke { body, .. } => self.function(body),
            Node::Table { table, .. } => Some(self.table(table)),
            Node::Scorecard(card)
            | Node::CardScore { scorecard: card, .. }
            | Node::CardPoints { scorecard: card, .. } => Some(self.card(program, card)),
            _ => None,
        }
    }

    /// What calls what: bodies, tables and cards.
    fn calls(&self, program: &Program) -> Vec<Vec<usize>> {
        let mut calls: Vec<Vec<usize>> = Vec::new();
        for body in &self.list {
            let mut called = Vec::new();
            for id in &body.nodes {
                let node = program.code.nodes.get(*id as usize);
                if let Some(unit) = node.and_then(|node| self.called(program, *node)) {
                    called.push(unit);
                }
            }
            calls.push(called);
        }
        calls.resize_with(self.card(program, 0), Vec::new);
        for (body, index) in self.list.iter().zip(0..) {
            if let Root::Cell { table, .. } = body.root
                && let Some(cells) = calls.get_mut(self.table(table))
            {
                cells.push(index);
            }
        }
        for card in &program.scorecards {
            let mut called = Vec::new();
            for characteristic in &card.characteristics {
                if let Input::Derived(derived) = characteristic.input {
                    called.push(derived);
                }
            }
            calls.push(called);
        }
        calls
    }

    fn sorted(&self, program: &Program) -> Check<Vec<usize>> {
        let calls = self.calls(program);
        let mut order = Vec::with_capacity(calls.len());
        // Not seen, on the way, done.
        let mut states = vec![0_u8; calls.len()];
        for start in 0..calls.len() {
            let mut path = vec![(start, 0_usize)];
            if states.get(start) != Some(&0) {
                continue;
            }
            while let Some((at, next)) = path.last_mut() {
                let at = *at;
                let state = states.get_mut(at).ok_or(&"something calls what there is not")?;
                *state = 1;
                match calls.get(at).and_then(|calls| calls.get(*next)).copied() {
                    Some(called) => {
                        *next = next.saturating_add(1);
                        match states.get(called).ok_or(&"something calls what there is not")? {
                            0 => path.push((called, 0)),
                            1 => return Err(&"something depends on itself"),
                            _ => {}
                        }
                    }
                    None => {
                        *state = 2;
                        order.push(at);
                        path.pop();
                    }
                }
            }
        }
        Ok(order)
    }
}
