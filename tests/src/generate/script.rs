//! `rules.rhai`: constants, helpers, derived facts, rules and the decision flow.

use super::expr::{Gen, Scope, absent};
use super::world::{Fact, Ty, quoted};

/// The declared outputs beside `outcome`.
pub const OUTPUTS: &[(&str, Ty, bool)] = &[
    ("level", Ty::Integer, false),
    ("amount", Ty::Decimal(2), true),
    ("ratio", Ty::Decimal(6), false),
    ("flag", Ty::Boolean, false),
    ("due", Ty::Date, false),
    ("grade", Ty::Enum(2), true),
    ("remark", Ty::Text, false),
];

/// Types of helpers and derived facts.
const VALUE_TYPES: &[Ty] = &[Ty::Integer, Ty::Decimal(4), Ty::Boolean, Ty::Date, Ty::Decimal(2)];

impl Gen<'_, '_> {
    /// Writes all of `rules.rhai` but `decide`.
    pub fn declarations(&mut self) {
        for _ in 0..self.c.below(3) {
            let ty = VALUE_TYPES[self.c.below(5)];
            let name = self.world.fresh("K");
            let value = self.literal(ty);
            self.world.script += &format!("const {name} = {value};\n");
            self.world.constants.push((name, ty));
        }
        for _ in 0..self.c.below(3) {
            self.helper();
        }
        for _ in 0..self.c.below(4) {
            self.derived();
        }
        for index in 0..self.c.below(6) {
            self.rule(index);
        }
    }

    fn helper(&mut self) {
        let name = self.world.fresh("helper");
        let count = 1 + self.c.below(3);
        let mut parameters: Vec<Ty> = (0..count).map(|_| VALUE_TYPES[self.c.below(4)]).collect();
        if self.c.chance(30) {
            parameters.insert(0, Ty::Facts);
        }
        let result = VALUE_TYPES[self.c.below(5)];
        let mut scope = Scope::default();
        let mut names = Vec::new();
        for ty in &parameters {
            if *ty == Ty::Facts {
                scope.facts = true;
                names.push("f".to_owned());
                continue;
            }
            let parameter = self.world.fresh("p");
            scope.locals.push((parameter.clone(), *ty));
            names.push(parameter);
        }
        let body = self.body(&mut scope, result);
        self.world.script += &format!("fn {name}({}) {{ {body} }}\n", names.join(", "));
        self.world.helpers.push((name, parameters, result));
    }

    fn derived(&mut self) {
        const NAMES: &[&str] = &["y1", "y2", "y3", "y4"];
        let taken = self.world.facts.iter().filter(|fact| fact.derived).count();
        let ty = VALUE_TYPES[self.c.below(5)];
        let open: Vec<Fact> = self
            .world
            .facts
            .iter()
            .filter(|fact| fact.ty == ty && fact.optional && fact.special.is_empty())
            .cloned()
            .collect();
        let optional = !open.is_empty() && self.c.chance(30);
        let mut scope = Scope { locals: self.world.constants.clone(), ..Scope::of_facts() };
        let body = if optional { format!("f.{}", open[0].name) } else { self.body(&mut scope, ty) };
        let body = if body.contains(';') { format!("{{ {body} }}") } else { body };
        self.world.script += &format!("derive({}, |f| {body});\n", quoted(NAMES[taken]));
        self.world.facts.push(Fact::derived(NAMES[taken], ty, optional));
    }

    /// A derived fact that asks a card or a table.
    pub fn derived_from_artefact(&mut self) {
        let asked: Vec<_> =
            self.world.artefacts.iter().filter(|artefact| !artefact.call.contains("scale(")).cloned().collect();
        if asked.is_empty() {
            return;
        }
        let artefact = &asked[self.c.below(asked.len())];
        let Some((offer, ty)) = artefact.offers.first() else { return };
        self.world.script += &format!("derive(\"y5\", |f| {{ {} {offer} }});\n", artefact.call);
        self.world.facts.push(Fact::derived("y5", *ty, false));
    }

    fn rule(&mut self, index: usize) {
        let effect = self.c.pick(&["decline", "refer", "watch", "approve"]);
        let id = format!("R{index:02}");
        if self.c.chance(70) {
            self.world.reasons.push(id.clone());
        }
        let scope = Scope { locals: self.world.constants.clone(), ..Scope::of_facts() };
        let condition = self.boolean(&scope, 3);
        self.world.script += &format!("rule({}, {}, |f| {condition});\n", quoted(&id), quoted(effect));
    }

    /// Statements and a result of this type.
    fn body(&mut self, scope: &mut Scope, ty: Ty) -> String {
        let mut out = String::new();
        for _ in 0..self.c.below(3) {
            match self.c.below(5) {
                4 => out += &self.assigned(scope),
                0 => out += &self.local(scope),
                1 => out += &self.early_return(scope, ty),
                2 => out += &self.loop_over(scope),
                _ => {
                    let condition = self.boolean(scope, 1);
                    out += &format!("if {condition} {{ return {}; }} ", self.expr(scope, ty, 1));
                }
            }
        }
        out.push_str(&self.expr(scope, ty, 2));
        out
    }

    fn local(&mut self, scope: &mut Scope) -> String {
        let ty = VALUE_TYPES[self.c.below(5)];
        let (name, value) = (self.world.fresh("v"), self.expr(scope, ty, 2));
        scope.locals.push((name.clone(), ty));
        let word = ["let", "const"][self.c.weighted(&[8, 1])];
        format!("{word} {name} = {value}; ")
    }

    /// A local that a branch assigns again.
    fn assigned(&mut self, scope: &mut Scope) -> String {
        let ty = VALUE_TYPES[self.c.below(5)];
        let name = self.world.fresh("v");
        let (first, then) = (self.expr(scope, ty, 1), self.expr(scope, ty, 1));
        let condition = self.boolean(scope, 1);
        let otherwise = if self.c.chance(40) {
            format!(" else {{ {name} = {}; }}", self.expr(scope, ty, 1))
        } else {
            String::new()
        };
        scope.locals.push((name.clone(), ty));
        format!("let {name} = {first}; if {condition} {{ {name} = {then}; }}{otherwise} ")
    }

    /// `if is_missing(f.x) { return ...; }`: behind it the fact is a value.
    fn early_return(&mut self, scope: &mut Scope, ty: Ty) -> String {
        let open: Vec<Fact> = self
            .world
            .facts
            .iter()
            .filter(|fact| scope.facts && !fact.plain() && !scope.known.contains(&fact.name))
            .cloned()
            .collect();
        if open.is_empty() {
            return self.local(scope);
        }
        let fact = &open[self.c.below(open.len())];
        let result = self.expr(scope, ty, 1);
        scope.known.push(fact.name);
        format!("if {} {{ return {result}; }} ", absent(fact))
    }

    /// `for` with an accumulator.
    fn loop_over(&mut self, scope: &mut Scope) -> String {
        let (sum, item) = (self.world.fresh("v"), self.world.fresh("i"));
        let has = |name: &str| scope.facts && self.world.structured.contains(&name);
        let (nums, bal, loans) = (has("nums"), has("bal"), has("loans"));
        let (over, read, ty) = match self.c.below(4) {
            1 if nums => ("f.nums".to_owned(), item.clone(), Ty::Integer),
            2 if bal => ("f.bal".to_owned(), item.clone(), Ty::Decimal(2)),
            3 if loans => ("f.loans".to_owned(), format!("{item}.balance"), Ty::Decimal(2)),
            _ => (format!("0..{}{}", ["=", ""][self.c.below(2)], self.c.between(1, 5)), item.clone(), Ty::Integer),
        };
        let mut inner = scope.clone();
        inner.locals.push((read.clone(), ty));
        let leave = if self.c.chance(40) {
            let condition = self.compare_with_literal(&read, ty);
            format!("if {condition} {{ {}; }} ", ["continue", "break"][self.c.below(2)])
        } else {
            String::new()
        };
        let (op, step) = match self.c.below(4) {
            0 => ("+=", read),
            1 => ("-=", read),
            2 => ("+=", self.expr(&inner, ty, 1)),
            _ if ty == Ty::Integer => ("*=", "2".to_owned()),
            _ => ("+=", self.literal(ty)),
        };
        let start = if ty == Ty::Integer { self.c.between(0, 3).to_string() } else { "0.00".to_owned() };
        scope.locals.push((sum.clone(), ty));
        format!("let {sum} = {start}; for {item} in {over} {{ {leave}{sum} {op} {step}; }} ")
    }

    fn compare_with_literal(&mut self, read: &str, ty: Ty) -> String {
        let literal = self.literal(ty);
        format!("{read} {} {literal}", self.c.pick(&[">", "<", "==", ">="]))
    }

    /// `decide`.
    pub fn decide(&mut self, outputs: &[(&'static str, Ty, bool)]) {
        let mut scope = Scope { facts: true, hits: true, ..Scope::default() };
        let mut body = String::new();
        let artefacts = std::mem::take(&mut self.world.artefacts);
        let early_at = self.c.below(artefacts.len() + 2);
        for (index, artefact) in artefacts.iter().enumerate() {
            if index == early_at {
                body += &self.early_outputs(&scope, outputs);
            }
            body += &format!("    {}\n", artefact.call);
            scope.locals.extend(artefact.offers.iter().cloned());
            if self.c.chance(15) {
                // The same question again, under another name.
                let own = artefact.call.split(' ').nth(1).unwrap_or_default();
                let again = |text: &str| text.replace(own, &own.replace("its", "again"));
                body += &format!("    {}\n", again(&artefact.call));
                scope.locals.extend(artefact.offers.iter().map(|(text, ty)| (again(text), *ty)));
            }
        }
        if self.c.chance(30) {
            body += &format!("    {}\n", self.local(&mut scope));
        }
        let outcome = self.outcome(&scope);
        body += &format!("    let outcome = {outcome};\n");
        let given = self.outputs(&scope, outputs, "outcome");
        self.world.script += &format!("fn decide(f, hits) {{\n{body}    {given}\n}}\n");
        self.world.artefacts = artefacts;
    }

    fn early_outputs(&mut self, scope: &Scope, outputs: &[(&'static str, Ty, bool)]) -> String {
        let condition = if self.c.chance(70) { "hits.has(\"decline\")".to_owned() } else { self.boolean(scope, 1) };
        format!("    if {condition} {{ return {}; }}\n", self.outputs(scope, outputs, "\"decline\""))
    }

    fn outcome(&mut self, scope: &Scope) -> String {
        let condition = self.boolean(scope, 2);
        match self.c.below(3) {
            0 => format!("if {condition} {{ \"refer\" }} else {{ \"approve\" }}"),
            1 => format!(
                "if hits.has(\"decline\") {{ \"decline\" }} else if {condition} {{ \"refer\" }} else {{ \"approve\" }}"
            ),
            _ => {
                let verdicts: Vec<_> = scope.locals.iter().filter(|(_, ty)| *ty == Ty::Enum(0)).cloned().collect();
                verdicts.first().map_or_else(|| "\"refer\"".to_owned(), |(text, _)| text.clone())
            }
        }
    }

    /// `#{ outcome: ..., ... }`
    fn outputs(&mut self, scope: &Scope, outputs: &[(&'static str, Ty, bool)], outcome: &str) -> String {
        let mut fields = vec![format!("outcome: {outcome}")];
        for (name, ty, optional) in outputs {
            match self.c.below(10) {
                0 if *optional => {}
                1 if *optional => fields.push(format!("{name}: ()")),
                _ => {
                    // A decimal of scale 0 may be an integer output.
                    let whole = *ty == Ty::Integer && self.c.chance(15);
                    let value = self.expr(scope, if whole { Ty::Decimal(2) } else { *ty }, 2);
                    let value = if whole { format!("round({value}, 0, \"half_up\")") } else { value };
                    fields.push(format!("{name}: {value}"));
                }
            }
        }
        fields.push(format!("numbers: {}", self.numbers(scope)));
        format!("#{{ {} }}", fields.join(", "))
    }

    /// The list output.
    fn numbers(&mut self, scope: &Scope) -> String {
        let has = |name: &str| self.world.structured.contains(&name);
        let (nums, loans) = (has("nums"), has("loans"));
        let limit = self.c.below(90);
        match self.c.below(4) {
            0 if nums => "f.nums".to_owned(),
            1 if nums => format!("f.nums.filter(|x| x > {limit})"),
            2 if loans => "f.loans.map(|x| x.days)".to_owned(),
            3 if loans => format!("f.loans.filter(|x| x.days > {limit}).map(|x| x.days + 1)"),
            _ => {
                let (a, b) = (self.expr(scope, Ty::Integer, 1), self.literal(Ty::Integer));
                format!("[{a}, {b}]")
            }
        }
    }
}
