//! One change per rule of the verifier.

use std::sync::Arc;

use trutina_engine::diagnostic::FileId;
use trutina_engine::program::artefact::{RowOutputs, RowSets};
use trutina_engine::program::locator::LocatorKind;
use trutina_engine::program::node::Items;
use trutina_engine::program::pool::PROGRAM_BASE;
use trutina_engine::program::{DerivedProgram, Node, NodeId, Pattern, Program};
use trutina_engine::ruleset::checked::{AggregateFunction, ArithmeticOp, Function, Input, Type, TypeKind};
use trutina_engine::ruleset::dependency::Source;
use trutina_engine::schema::{DataType, EnumDomain, SpecialCode};
use trutina_engine::value::Value;
use trutina_engine::value::slot::{Slot, Stretch, TextRef};

use crate::everything::find;

pub type Change = fn(&mut Program);

fn ty(p: &mut Program, kind: TypeKind) -> u32 {
    p.code.type_pool.push(Type::plain(kind));
    u32::try_from(p.code.type_pool.len() - 1).unwrap()
}

/// A node becomes another.
fn put(p: &mut Program, id: NodeId, node: Node, kind: TypeKind) {
    p.code.nodes[id as usize] = node;
    p.code.types[id as usize] = ty(p, kind);
}

fn date(p: &mut Program, id: NodeId) {
    put(p, id, Node::AsOf, TypeKind::Date);
}

fn missing(p: &mut Program, id: NodeId) {
    let constant = constant(p, Slot::Missing);
    put(p, id, Node::Constant(constant), TypeKind::Unit);
}

fn text(p: &mut Program, id: NodeId) {
    let fact = fact(p, "t");
    put(p, id, Node::Fact(fact), TypeKind::Text);
}

fn constant(p: &mut Program, slot: Slot) -> u32 {
    p.code.constants.push(slot);
    u32::try_from(p.code.constants.len() - 1).unwrap()
}

fn items(p: &mut Program, list: &[u32]) -> Items {
    let start = u32::try_from(p.code.items.len()).unwrap();
    p.code.items.extend_from_slice(list);
    Items { start, len: u32::try_from(list.len()).unwrap() }
}

fn add(p: &mut Program, node: Node, ty: u32) -> NodeId {
    p.code.nodes.push(node);
    p.code.types.push(ty);
    p.code.spans.push(p.code.spans[0]);
    p.code.sensitive.push(true);
    u32::try_from(p.code.nodes.len() - 1).unwrap()
}

fn fact(p: &Program, name: &str) -> u32 {
    u32::try_from(p.facts.iter().position(|fact| fact.name == name).unwrap()).unwrap()
}

fn label(p: &Program, id: NodeId) -> Type {
    p.code.type_of(id).unwrap().clone()
}

/// The item of `#{ ... }` behind an output; the last such node is the last of `decide`.
fn output(p: &Program, index: usize) -> NodeId {
    let last =
        p.code.nodes.iter().rev().find_map(|node| if let Node::Outputs(list) = node { Some(*list) } else { None });
    p.code.items[last.unwrap().start as usize + index]
}

fn change(p: &mut Program, wanted: fn(&Node) -> bool, change: fn(&mut Node)) {
    let id = find(p, wanted);
    change(&mut p.code.nodes[id as usize]);
}

/// Operands of the first node of a kind.
macro_rules! operand {
    ($p:expr, $pattern:pat $(if $guard:expr)? => $operand:expr) => {{
        let found = $p.code.nodes.iter().find_map(|node| match *node {
            $pattern $(if $guard)? => Some($operand),
            _ => None,
        });
        found.unwrap()
    }};
}

fn store(p: &Program) -> NodeId {
    // The last is one of `decide` itself.
    let last = p.code.nodes.iter().rposition(|node| matches!(node, Node::Store { .. }));
    u32::try_from(last.unwrap()).unwrap()
}

/// In declarations, pools and single nodes.
pub const SHAPES: &[(&str, Change)] = &[
    ("a body is no node", |p| p.decide = u32::MAX),
    ("a rule has an effect that is not declared", |p| p.rules[0].effect = 99),
    ("a reason is not declared", |p| p.rules[0].reason = Some(999)),
    ("a place lies in no file", |p| p.code.spans[3].file = FileId(999)),
    ("a bound is of another type than its fact", |p| p.facts[1].spec.min = Some(Value::Boolean(true))),
    ("a decimal has more digits than decimals have", |p| p.facts[1].spec.data_type = DataType::Decimal { scale: 29 }),
    ("a fact has too many special codes", |p| p.facts[0].spec.special = specials(300)),
    ("a type has too many special codes", |p| p.code.type_pool[0].special = Some(Arc::new(specials(300)))),
    ("an enum has too many values", |p| {
        let values = (0..70_000).map(|value| value.to_string()).collect();
        p.facts[3].spec.data_type = DataType::Enum(Arc::new(EnumDomain::new(values)));
    }),
    ("there are too many locals", |p| p.locals = 1 << 21),
    ("an error refers, but no outcome is called so", |p| p.outputs[0].name = "other".to_owned()),
    ("something depends on what there is not", |p| p.dependencies.rules[0].push(Source::Fact(999))),
    ("a node is broken", |p| p.code.nodes[0] = Node::Broken),
    ("something is not said of every node", |p| {
        p.code.spans.pop();
    }),
    ("a node has no type", |p| p.code.types[0] = u32::MAX),
    ("a test is one of no node", |p| p.code.tests[0].left = u32::MAX),
    ("an operand stands behind its operator", |p| {
        let id = find(p, |node| matches!(node, Node::Not(_)));
        p.code.nodes[id as usize] = Node::Not(id);
    }),
    ("nodes nest too deeply", |p| {
        let boolean = ty(p, TypeKind::Boolean);
        let mut last = add(p, Node::Has(0), boolean);
        for _ in 0..700 {
            last = add(p, Node::Not(last), boolean);
        }
    }),
    ("a constant is none", |p| p.code.nodes[0] = Node::Constant(u32::MAX)),
    ("an index lies outside its list", |p| p.code.nodes[0] = Node::Fact(u32::MAX)),
    ("a local has no place", |p| p.code.nodes[0] = Node::Local(u32::MAX)),
    ("a range has ends that are no integers", |p| {
        let end = constant(p, Slot::Boolean(true));
        let id = find(p, |node| matches!(node, Node::ForRange { .. }));
        if let Node::ForRange { end: place, .. } = &mut p.code.nodes[id as usize] {
            *place = end;
        }
    }),
    ("a stretch of items lies outside the items", |p| p.code.nodes[0] = Node::And(Items { start: u32::MAX, len: 1 })),
    ("an enum's value has no text", |p| {
        let texts = operand!(p, Node::ToText { texts, .. } => texts);
        p.code.items[texts.start as usize] = constant(p, Slot::Integer(1));
    }),
    ("a set lies outside the sets", |p| {
        change(
            p,
            |node| matches!(node, Node::SymbolIn { .. }),
            |node| {
                if let Node::SymbolIn { masks, .. } = node {
                    masks.len = 999;
                }
            },
        );
    }),
    ("a function has settings that there are not", |p| {
        change(
            p,
            |node| matches!(node, Node::Call { function: Function::Round(..), .. }),
            |node| {
                if let Node::Call { function: Function::Round(scale, _), .. } = node {
                    *scale = 29;
                }
            },
        );
    }),
    ("a function over a list has settings that there are not", |p| {
        change(
            p,
            |node| matches!(node, Node::Aggregate { function: AggregateFunction::Avg(..), .. }),
            |node| {
                if let Node::Aggregate { function: AggregateFunction::Avg(scale, _), .. } = node {
                    *scale = 29;
                }
            },
        );
    }),
    ("a switch has no arms", |p| p.code.switches.clear()),
    ("an arm matches what there is not", |p| p.code.switches[0].arms[0].patterns[0] = Pattern::Equal(Slot::Missing)),
    ("a call has half an argument", |p| {
        change(
            p,
            |node| matches!(node, Node::Invoke { .. }),
            |node| {
                if let Node::Invoke { arguments, .. } = node {
                    arguments.len -= 1;
                }
            },
        );
    }),
    ("a scorecard is none", |p| {
        change(
            p,
            |node| matches!(node, Node::CardPoints { .. }),
            |node| {
                if let Node::CardPoints { scorecard, .. } = node {
                    *scorecard = 99;
                }
            },
        );
    }),
    ("a text lies outside the texts", |p| {
        constant(p, Slot::Text(TextRef::Program(Stretch { start: 0, len: 9_999_999 })));
    }),
    ("a constant points at facts", |p| {
        constant(p, Slot::Series(Stretch::default()));
    }),
    ("a constant points ahead", |p| {
        let start = PROGRAM_BASE + u32::try_from(p.code.pool.arena.len()).unwrap();
        p.code.pool.arena.push(Slot::List(Stretch { start, len: 1 }));
    }),
    ("a constant holds too much", |p| {
        for _ in 0..40 {
            let start = PROGRAM_BASE + u32::try_from(p.code.pool.arena.len()).unwrap() - 2;
            p.code.pool.arena.extend([Slot::List(Stretch { start, len: 2 }); 2]);
        }
    }),
    ("a node stands in two places", |p| {
        let id = find(p, |node| matches!(node, Node::Integer { .. }));
        if let Node::Integer { left, right, .. } = &mut p.code.nodes[id as usize] {
            *right = *left;
        }
    }),
    ("a function is called with other parameters", |p| {
        let body = operand!(p, Node::Invoke { body, .. } => body);
        for node in &mut p.code.nodes {
            if let Node::Invoke { body: place, .. } = node {
                *place = body;
            }
        }
    }),
    ("a local belongs to two bodies", |p| {
        let id = find(p, |node| matches!(node, Node::Fact(_)));
        let local = operand!(p, Node::Store { local, .. } => local);
        put(p, id, Node::Local(local), TypeKind::Integer);
    }),
    ("something depends on itself", |p| {
        let od2 = p.derived.iter().position(|derived| derived.name == "od2").unwrap();
        let body = p.derived[od2].body as usize;
        p.code.nodes[body] = Node::Derived(u32::try_from(od2).unwrap());
    }),
    ("something calls what there is not", |p| p.scorecards[0].characteristics[0].input = Input::Derived(9_999)),
    ("nodes nest too deeply, through what they call", |p| {
        let integer = ty(p, TypeKind::Integer);
        let fact = fact(p, "secret");
        let mut body = add(p, Node::Fact(fact), integer);
        let first = p.derived[0].clone();
        for _ in 0..700 {
            let derived = DerivedProgram { ty: Type::plain(TypeKind::Integer), body, sensitive: true, ..first.clone() };
            p.derived.push(derived);
            p.dependencies.derived.push(Vec::new());
            body = add(p, Node::Derived(u32::try_from(p.derived.len() - 1).unwrap()), integer);
        }
        p.derived.push(DerivedProgram { ty: Type::plain(TypeKind::Integer), body, sensitive: true, ..first });
        p.dependencies.derived.push(Vec::new());
    }),
    ("a decision may take too many steps", |p| {
        let end = operand!(p, Node::ForRange { end, .. } => end);
        p.code.constants[end as usize] = Slot::Integer(i64::MAX);
    }),
    ("it is too entangled to be verified", |p| {
        let fields = (0..100_000).map(|_| (String::new(), Type::plain(TypeKind::Integer))).collect();
        let wide = ty(p, TypeKind::Record(Arc::new(fields)));
        p.code.type_pool[wide as usize].missing = true;
        let constant = constant(p, Slot::Missing);
        let statements: Vec<u32> = (0..3_000).map(|_| add(p, Node::Constant(constant), wide)).collect();
        let statements = items(p, &statements);
        let outputs = ty(p, TypeKind::Outputs);
        p.decide = add(p, Node::Block { statements, result: Some(p.decide) }, outputs);
    }),
];

fn specials(count: usize) -> Vec<SpecialCode> {
    (0..count).map(|code| SpecialCode { name: code.to_string(), value: Value::Integer(0) }).collect()
}

/// In scorecards, scales and tables.
pub const ARTEFACTS: &[(&str, Change)] = &[
    ("a band yields what is not declared", |p| p.scales[0].bands[0].record = Slot::Missing),
    ("a class has a band that there is not", |p| {
        p.scales[0].band_of_class.pop();
    }),
    ("a card has a reason that is not declared", |p| p.scorecards[0].codes[0] = 999),
    ("a card has more digits than decimals have", |p| p.scorecards[0].scale = 29),
    ("a card says wrongly whether it shares codes", |p| p.scorecards[0].shared_codes ^= true),
    ("points have no printed form", |p| p.scorecards[0].points.denominator = 0),
    ("the points of a card are too large", |p| {
        p.scorecards[0].characteristics[0].attributes[0].difference = i128::MAX;
    }),
    ("the points of an attribute are too large", |p| {
        p.scorecards[0].characteristics[0].attributes[0].points = i128::MAX;
    }),
    ("a characteristic reads what it does not divide", |p| {
        p.scorecards[0].characteristics[0].input = Input::Fact(fact(p, "t") as usize);
    }),
    ("a characteristic shows what is sensitive", |p| {
        for characteristic in &mut p.scorecards[0].characteristics {
            characteristic.sensitive = false;
        }
    }),
    ("an attribute has a reason that its card has not", |p| {
        p.scorecards[0].characteristics[0].attributes[0].code = 999;
    }),
    ("an attribute has no label", |p| {
        p.scorecards[0].characteristics[0].labels.pop();
    }),
    ("a class has an attribute that there is not", |p| {
        p.scorecards[0].characteristics[0].attribute_of_class.pop();
    }),
    ("a row yields what is not declared", |p| p.tables[1].rows[0].outputs = RowOutputs::Constant(Slot::Missing)),
    ("a table has sets of another size", |p| p.tables[0].words += 1),
    ("a column has other sets of rows than classes", |p| {
        if let RowSets::Dense(sets) = &mut p.tables[0].columns[0].index.rows {
            sets.pop();
        }
    }),
    ("a cell of a table has no text", |p| {
        p.tables[0].columns[0].texts.pop();
    }),
    ("a table has a default row, or none, that it does not use", |p| p.tables[0].default_row = None),
    ("a table aggregates what it cannot", |p| p.tables[2].decimal ^= true),
    ("a value has no place among the classes of its column", |p| {
        p.tables[0].columns[1].index.locator.kind = LocatorKind::Symbol;
    }),
    ("cuts make another number of classes", |p| p.tables[0].columns[1].index.locator.values += 1),
    ("a whole has one class", |p| {
        p.tables[0].columns[1].index.locator.kind = LocatorKind::Whole;
        p.tables[0].columns[1].index.locator.values = 2;
    }),
    ("the texts of a column do not ascend", |p| {
        if let LocatorKind::Text(texts) = &mut p.tables[0].columns[3].index.locator.kind {
            texts.reverse();
        }
    }),
    ("a node shows what is sensitive", |p| {
        let on = fact(p, "on") as usize;
        p.facts[on].sensitive = true;
    }),
    ("a derived fact shows what is sensitive", |p| p.code.sensitive.fill(true)),
];

/// In the types of bodies.
pub const TYPES: &[(&str, Change)] = &[
    ("a local is read before it has a value", |p| {
        let id = find(p, |node| matches!(node, Node::Store { .. }));
        put(p, id, Node::Block { statements: Items::default(), result: None }, TypeKind::Unit);
    }),
    ("a loop is left outside of any loop", |p| {
        let id = store(p) as usize;
        p.code.nodes[id] = Node::Break;
    }),
    ("nothing is returned where something must be", |p| {
        change(p, |node| matches!(node, Node::Return(Some(_))), |node| *node = Node::Return(None));
    }),
    ("a cell of a table returns early", |p| {
        let RowOutputs::Computed(cells) = p.tables[0].rows[1].outputs else { panic!("no cells") };
        let cell = p.code.items[cells.start as usize];
        let Node::Integer { left, right, .. } = p.code.nodes[cell as usize] else { panic!("no sum") };
        put(p, left, Node::Return(None), TypeKind::Unit);
        let statements = items(p, &[left]);
        p.code.nodes[cell as usize] = Node::Block { statements, result: Some(right) };
    }),
    ("a statement gives a value", |p| {
        let id = store(p);
        p.code.types[id as usize] = ty(p, TypeKind::Integer);
    }),
    ("a local holds what is no value", |p| {
        let Node::Store { value, .. } = p.code.nodes[store(p) as usize] else { panic!("no store") };
        put(p, value, Node::Scorecard(0), TypeKind::Card(0));
    }),
    ("a node is missing where it must not be", |p| {
        let value =
            operand!(p, Node::Coalesce { value, .. } if matches!(p.code.nodes[value as usize], Node::Fact(_)) => value);
        let kind = label(p, value).kind;
        p.code.types[value as usize] = ty(p, kind);
    }),
    ("a name has other special codes than is said of it", |p| {
        let value = operand!(p, Node::ValueOr { value, .. } => value);
        let mut without = label(p, value);
        without.special = None;
        p.code.type_pool.push(without);
        p.code.types[value as usize] = u32::try_from(p.code.type_pool.len() - 1).unwrap();
    }),
    ("a name is of another type than is said of it", |p| {
        let value = operand!(p, Node::ValueOr { value, .. } => value);
        p.code.types[value as usize] = ty(p, TypeKind::Date);
    }),
    ("a value is missing where it must not be", |p| missing(p, output(p, 4))),
    ("a value is of another type than is expected", |p| text(p, output(p, 4))),
    ("a special code stands where it must not", |p| {
        let full = label(p, operand!(p, Node::ValueOr { value, .. } => value));
        let id = output(p, 2);
        p.code.nodes[id as usize] = Node::Fact(fact(p, "n"));
        p.code.type_pool.push(full);
        p.code.types[id as usize] = u32::try_from(p.code.type_pool.len() - 1).unwrap();
    }),
    ("what is no value is used", |p| {
        let id = output(p, 4);
        put(p, id, Node::Block { statements: Items::default(), result: None }, TypeKind::Facts);
    }),
    ("a field is read of what is no record", |p| date(p, operand!(p, Node::Field { record, .. } => record))),
    ("a record has no such field", |p| {
        change(
            p,
            |node| matches!(node, Node::Field { .. }),
            |node| {
                if let Node::Field { index, .. } = node {
                    *index = 99;
                }
            },
        );
    }),
    ("an element is read of what is no list", |p| date(p, operand!(p, Node::Index { list, .. } => list))),
    ("an operator is for integers only", |p| {
        change(
            p,
            |node| matches!(node, Node::Decimal { .. }),
            |node| {
                if let Node::Decimal { op, .. } = node {
                    *op = ArithmeticOp::Power;
                }
            },
        );
    }),
    ("an operand is no number", |p| date(p, operand!(p, Node::Decimal { left, .. } => left))),
    ("an operand is of another type than its operator takes", |p| {
        date(p, operand!(p, Node::Integer { left, .. } => left))
    }),
    ("an operand may be missing or a special code", |p| missing(p, operand!(p, Node::Integer { left, .. } => left))),
    ("a conversion is none of these types", |p| {
        change(
            p,
            |node| matches!(node, Node::ToEnum { .. }),
            |node| {
                if let Node::ToEnum { map, .. } = node {
                    map.len -= 1;
                }
            },
        );
    }),
    ("a conversion changes the special codes", |p| {
        let full = label(p, operand!(p, Node::ValueOr { value, .. } => value));
        let id = operand!(p, Node::ToText { value, .. } => value);
        p.code.nodes[id as usize] = Node::Fact(fact(p, "n"));
        p.code.type_pool.push(full);
        p.code.types[id as usize] = u32::try_from(p.code.type_pool.len() - 1).unwrap();
    }),
    ("a fact is compared with numbers that is none", |p| {
        test_of(p, |node| matches!(node, Node::FactWithin { .. }), "t")
    }),
    ("a fact is tested that may be missing or a special code", |p| {
        test_of(p, |node| matches!(node, Node::FactWithin { .. }), "n");
    }),
    ("a fact is compared as a decimal that is none", |p| {
        test_of(p, |node| matches!(node, Node::FactDecimalNarrow { .. }), "e");
    }),
    ("a fact is looked up that is no symbol", |p| test_of(p, |node| matches!(node, Node::FactIn { .. }), "t")),
    ("an operand is compared with numbers that is none", |p| text(p, operand!(p, Node::Within { value, .. } => value))),
    ("an operand is looked up that is no symbol", |p| text(p, operand!(p, Node::SymbolIn { value, .. } => value))),
    ("a list is looked into that is none", |p| date(p, operand!(p, Node::InList { list, .. } => list))),
    ("operands of different types are compared", |p| date(p, operand!(p, Node::Compare { left, .. } => left))),
    ("a node yields another type than is said of it", |p| {
        let id = find(p, |node| matches!(node, Node::AsOf));
        p.code.types[id as usize] = ty(p, TypeKind::Integer);
    }),
    ("a function has another number of arguments", |p| {
        change(
            p,
            |node| matches!(node, Node::Call { function: Function::AddMonths, .. }),
            |node| {
                if let Node::Call { arguments, .. } = node {
                    arguments.len -= 1;
                }
            },
        );
    }),
    ("an arm matches another type than its subject", |p| {
        p.code.switches[0].arms[0].patterns[0] = Pattern::Equal(Slot::Boolean(true));
    }),
    ("a switch has no arm for some value", |p| {
        for switch in &mut p.code.switches {
            switch.default = None;
        }
    }),
    ("a function gives another type than is said of it", |p| {
        let id = find(p, |node| matches!(node, Node::Invoke { .. }));
        p.code.types[id as usize] = ty(p, TypeKind::Date);
    }),
    ("a body gives what is no value", |p| p.derived[1].ty.kind = TypeKind::Facts),
    ("a constant is of another type than is said of it", |p| {
        let id = operand!(p, Node::Integer { right, .. } if matches!(p.code.nodes[right as usize], Node::Constant(_)) => right);
        p.code.types[id as usize] = ty(p, TypeKind::Date);
    }),
    ("a closure is neither true nor false", |p| {
        let body =
            operand!(p, Node::Aggregate { function: AggregateFunction::Filter, closure: Some((_, body)), .. } => body);
        let id = ty(p, TypeKind::Boolean);
        p.code.type_pool[id as usize].missing = true;
        p.code.types[body as usize] = id;
    }),
    ("an element is of another type than its local", |p| {
        let first = operand!(p, Node::ForList { local, .. } => local);
        for node in &mut p.code.nodes {
            if let Node::ForList { local, .. } = node {
                *local = first;
            }
        }
    }),
    ("the elements are asked of what is no list", |p| date(p, operand!(p, Node::ForList { list, .. } => list))),
    ("an element may be missing or a special code", |p| {
        let list = operand!(p, Node::Aggregate { function: AggregateFunction::Min, list, .. } => list);
        let element = Type { missing: true, ..Type::plain(TypeKind::Integer) };
        p.code.types[list as usize] = ty(p, TypeKind::List(Box::new(element)));
    }),
    ("an element is no number", |p| {
        let list = operand!(p, Node::Aggregate { function: AggregateFunction::Min, list, .. } => list);
        let records = find(p, |node| *node == Node::Fact(fact(p, "list")));
        let kind = label(p, records).kind;
        put(p, list, Node::Fact(fact(p, "list")), kind);
    }),
    ("a function over a list has a closure, or none, that it does not take", |p| {
        change(
            p,
            |node| matches!(node, Node::Aggregate { function: AggregateFunction::All, .. }),
            |node| {
                if let Node::Aggregate { closure, .. } = node {
                    *closure = None;
                }
            },
        );
    }),
    ("a list or record is of another type than is said of it", |p| {
        let id = find(p, |node| matches!(node, Node::Record(_)));
        p.code.types[id as usize] = ty(p, TypeKind::Date);
    }),
    ("the outputs are others than are declared", |p| {
        change(
            p,
            |node| matches!(node, Node::Outputs(_)),
            |node| {
                if let Node::Outputs(list) = node {
                    list.len -= 1;
                }
            },
        );
    }),
    ("the figures of a card are asked of another", |p| {
        let card = operand!(p, Node::CardPoints { card, .. } => card);
        put(p, card, Node::Scorecard(1), TypeKind::Card(1));
    }),
    ("what is no number is looked up in a scale", |p| date(p, operand!(p, Node::Scale { value, .. } => value))),
    ("a table is asked with another number of values", |p| {
        change(
            p,
            |node| matches!(node, Node::Table { .. }),
            |node| {
                if let Node::Table { arguments, .. } = node {
                    arguments.len -= 1;
                }
            },
        );
    }),
];

fn test_of(p: &mut Program, wanted: fn(&Node) -> bool, name: &str) {
    let (id, other) = (find(p, wanted), fact(p, name));
    match &mut p.code.nodes[id as usize] {
        Node::FactWithin { fact, .. } | Node::FactDecimalNarrow { fact, .. } | Node::FactIn { fact, .. } => {
            *fact = other
        }
        _ => panic!("no test of a fact"),
    }
}

/// Rules that no change can break alone, each because of another.
pub const IMPLIED: &[(&str, &str)] = &[
    ("a derived fact is none", "indexes are checked node by node"),
    ("a fact is none", "indexes are checked node by node"),
    ("a node is none", "indexes are checked node by node"),
    ("a scale is none", "indexes are checked node by node"),
    ("a table is none", "indexes are checked node by node"),
    ("a function has no type", "every node has one"),
    ("a function is none", "every call makes its body one"),
    ("a function gives other special codes", "a special code is no value of the kind that its caller is said to be"),
    ("a local never gets a value", "it would be read before it has one"),
    ("a node gives a value where none is expected", "no value is of the kind of nothing"),
    ("a node is a special code where it must not be", "every node that can be one asks for itself"),
    ("the constants do not fit", "a bundle is smaller"),
    ("there are too many nodes", "a bundle is smaller"),
];
