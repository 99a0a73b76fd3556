//! The arena under construction: nodes with places, types and depths, and the pools behind them.

use crate::diagnostic::{Diagnostic, Span, codes};
use crate::program::node::Items;
use crate::program::{Code, Node, NodeId, Test, TestKind};
use crate::ruleset::checked::{CheckedRuleset, Expr, Type, TypeKind};
use crate::value::ordered::Map;
use crate::value::slot::{Slot, Stretch, TextRef};

/// How deeply nodes may nest, derived facts and functions included: the evaluator's stack is bounded on every host.
const MAX_DEPTH: u32 = 600;

pub(super) struct Builder<'a> {
    pub checked: &'a CheckedRuleset,
    pub code: Code,
    pub diagnostics: Vec<Diagnostic>,
    depths: Vec<u32>,
    depth: u32,
    /// Per node: the length of the arena when it was begun, where what it is made of starts.
    pub begins: Vec<u32>,
    types: Map<(u8, u64), Vec<u32>>,
    texts: Map<String, Stretch>,
    reasons: Map<&'a str, u32>,
    derived: Vec<Option<NodeId>>,
    functions: Vec<Option<NodeId>>,
}

/// A length or index as the program keeps it.
pub(super) fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl<'a> Builder<'a> {
    pub fn new(checked: &'a CheckedRuleset) -> Self {
        let reasons = checked.ruleset.reasons.iter().zip(0..);
        Self {
            checked,
            code: Code::default(),
            diagnostics: Vec::new(),
            depths: Vec::new(),
            depth: 0,
            begins: Vec::new(),
            types: Map::new(),
            texts: Map::new(),
            reasons: reasons.map(|(reason, index)| (reason.code.as_str(), index)).collect(),
            derived: vec![None; checked.derived.len()],
            functions: vec![None; checked.functions.len()],
        }
    }

    pub fn begin(&self) -> u32 {
        index(self.code.nodes.len())
    }

    /// Adds a node whose parts began at `begin`.
    pub fn push(&mut self, node: Node, expr: &Expr, begin: u32) -> NodeId {
        let ty = self.type_index(&expr.ty);
        self.push_typed(node, expr.span, ty, begin)
    }

    /// Adds a statement or another node without a value.
    pub fn push_unit(&mut self, node: Node, span: Span, begin: u32) -> NodeId {
        let ty = self.type_index(&Type::plain(TypeKind::Unit));
        self.push_typed(node, span, ty, begin)
    }

    fn push_typed(&mut self, node: Node, span: Span, ty: u32, begin: u32) -> NodeId {
        let id = self.begin();
        let mut depth = 0;
        crate::program::operands(&self.code, node, &mut |operand| {
            depth = depth.max(self.depths.get(operand as usize).copied().unwrap_or(0));
        });
        if let Node::Derived(derived) = node {
            let body = self.derived.get(derived as usize).copied().flatten();
            depth = depth.max(body.and_then(|body| self.depths.get(body as usize).copied()).unwrap_or(0));
        }
        let depth = depth.saturating_add(1);
        if depth > MAX_DEPTH {
            self.too_deep(span);
        }
        self.code.nodes.push(node);
        self.code.spans.push(span);
        self.code.types.push(ty);
        self.depths.push(depth);
        self.begins.push(begin);
        id
    }

    fn too_deep(&mut self, span: Span) {
        if !self.diagnostics.iter().any(|diagnostic| diagnostic.code == codes::NESTING_TOO_DEEP) {
            let message =
                format!("expressions nest more than {MAX_DEPTH} levels deep, through derived facts and functions");
            let help = "split the chain: fewer derived facts that each read the one before";
            self.diagnostics.push(Diagnostic::new(codes::NESTING_TOO_DEEP, span, message).with_help(help));
        }
    }

    /// Runs `make` one level deeper; beyond the limit it is not run.
    pub fn deeper(&mut self, span: Span, make: impl FnOnce(&mut Self) -> NodeId) -> NodeId {
        if self.depth >= MAX_DEPTH {
            self.too_deep(span);
            let begin = self.begin();
            return self.push_unit(Node::Broken, span, begin);
        }
        self.depth = self.depth.saturating_add(1);
        let node = make(self);
        self.depth = self.depth.saturating_sub(1);
        node
    }

    /// The body of a derived fact, lowered when it is first asked for.
    pub fn derived(&mut self, derived: usize) -> NodeId {
        if let Some(Some(body)) = self.derived.get(derived) {
            return *body;
        }
        let checked = self.checked;
        let Some(source) = checked.derived.get(derived) else { return self.broken(Span::default()) };
        let body = self.expression(&source.body);
        if let Some(place) = self.derived.get_mut(derived) {
            *place = Some(body);
        }
        body
    }

    /// The body of a function instance, lowered when it is first called.
    pub fn function(&mut self, function: usize) -> NodeId {
        if let Some(Some(body)) = self.functions.get(function) {
            return *body;
        }
        let checked = self.checked;
        let Some(source) = checked.functions.get(function) else { return self.broken(Span::default()) };
        let body = self.expression(&source.body);
        if let Some(place) = self.functions.get_mut(function) {
            *place = Some(body);
        }
        body
    }

    pub fn broken(&mut self, span: Span) -> NodeId {
        let begin = self.begin();
        self.push_unit(Node::Broken, span, begin)
    }

    /// The index of a reason code's line.
    pub fn reason(&self, code: &str) -> Option<u32> {
        self.reasons.get(code).copied()
    }

    pub fn items(&mut self, items: &[u32]) -> Items {
        let start = index(self.code.items.len());
        self.code.items.extend_from_slice(items);
        Items { start, len: index(items.len()) }
    }

    pub fn constant_slot(&mut self, slot: Slot) -> u32 {
        self.code.constants.push(slot);
        index(self.code.constants.len().saturating_sub(1))
    }

    pub fn text(&mut self, text: &str) -> TextRef {
        if let Some(at) = self.texts.get(text) {
            return TextRef::Program(*at);
        }
        let at = Stretch { start: index(self.code.pool.text.len()), len: index(text.len()) };
        self.code.pool.text.push_str(text);
        self.texts.insert(text.to_owned(), at);
        TextRef::Program(at)
    }

    /// Says what a trace tells of `node`.
    pub fn test(&mut self, node: NodeId, kind: TestKind, left: NodeId, right: Option<NodeId>) -> NodeId {
        let test = Test { node, kind, left, right };
        match self.code.tests.binary_search_by_key(&node, |test| test.node) {
            Ok(_) => {}
            Err(place) => self.code.tests.insert(place, test),
        }
        node
    }

    pub fn type_index(&mut self, ty: &Type) -> u32 {
        let found = self.types.or_default(fingerprint(ty));
        let pool = &mut self.code.type_pool;
        if let Some(known) = found.iter().find(|known| pool.get(**known as usize) == Some(ty)) {
            return *known;
        }
        let new = index(pool.len());
        found.push(new);
        pool.push(ty.clone());
        new
    }
}

/// Equal types have equal fingerprints; it only keeps the search for a type short.
fn fingerprint(ty: &Type) -> (u8, u64) {
    let (kind, detail) = match &ty.kind {
        TypeKind::Never => (0, 0),
        TypeKind::Unit => (1, 0),
        TypeKind::Boolean => (2, 0),
        TypeKind::Integer => (3, 0),
        TypeKind::Decimal { scale } => (4, u64::from(*scale)),
        TypeKind::Text => (5, 0),
        TypeKind::Enum(domain) => (6, domain.values.iter().fold(0, |sum, text| mix(sum, text))),
        TypeKind::Date => (7, 0),
        TypeKind::List(_) => (8, 0),
        TypeKind::Record(fields) => (9, fields.iter().fold(0, |sum, (name, _)| mix(sum, name))),
        TypeKind::Series(_) => (10, 0),
        TypeKind::Facts => (11, 0),
        TypeKind::Hits => (12, 0),
        TypeKind::Card(card) => (13, *card as u64),
        TypeKind::Outputs => (14, 0),
    };
    (kind, detail)
}

fn mix(sum: u64, text: &str) -> u64 {
    text.bytes().fold(sum.wrapping_add(1), |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
