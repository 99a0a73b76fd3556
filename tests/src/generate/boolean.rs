//! Conditions, and what lists and series are asked for.

use super::expr::{Gen, MODES, Scope, absent, present};
use super::world::{DOMAINS, Fact, Ty, quoted};

const COMPARISONS: &[&str] = &["<", ">=", "<=", ">", "==", "!="];

impl Gen<'_, '_> {
    /// A condition.
    pub fn boolean(&mut self, scope: &Scope, depth: usize) -> String {
        if depth == 0 {
            return self.test(scope, 0);
        }
        let depth = depth - 1;
        match self.c.weighted(&[6, 3, 3, 2, 3, 3]) {
            0 => self.test(scope, depth),
            1 => self.chain(scope, "&&", depth),
            2 => self.chain(scope, "||", depth),
            3 => format!("!({})", self.boolean(scope, depth)),
            4 => self.guarded(scope, depth),
            _ => self.list_test(scope, depth),
        }
    }

    fn chain(&mut self, scope: &Scope, op: &str, depth: usize) -> String {
        let operands: Vec<String> =
            (0..2 + self.c.below(2)).map(|_| format!("({})", self.boolean(scope, depth))).collect();
        operands.join(&format!(" {op} "))
    }

    fn test(&mut self, scope: &Scope, depth: usize) -> String {
        match self.c.weighted(&[4, 4, 2, 2, 2, 3, 2, 2, 1]) {
            0 => self.compare(scope, Ty::Integer, depth),
            1 => self.compare(scope, Ty::Decimal(6), depth),
            2 => self.compare(scope, Ty::Date, depth),
            3 => self.text_test(scope),
            4 => self.enum_test(scope),
            5 => self.about_missing(scope),
            6 => self.membership(scope, depth),
            7 => {
                let booleans = self.leaf(scope, Ty::Boolean);
                if scope.hits && self.c.chance(50) { self.has() } else { booleans }
            }
            _ => {
                let (a, b) = (self.leaf(scope, Ty::Boolean), self.leaf(scope, Ty::Boolean));
                format!("({a} {} {b})", ["==", "!="][self.c.below(2)])
            }
        }
    }

    fn has(&mut self) -> String {
        format!("hits.has({})", quoted(self.c.pick(&["decline", "refer", "watch", "approve"])))
    }

    fn compare(&mut self, scope: &Scope, ty: Ty, depth: usize) -> String {
        let left = self.expr(scope, ty, depth);
        let mixed = if ty == Ty::Integer && self.c.chance(25) { Ty::Decimal(1) } else { ty };
        let right = if self.c.chance(50) { self.literal(mixed) } else { self.expr(scope, mixed, depth.min(1)) };
        format!("({left} {} {right})", self.c.pick(COMPARISONS))
    }

    fn text_test(&mut self, scope: &Scope) -> String {
        let text = self.leaf(scope, Ty::Text);
        if text.starts_with('"') {
            return "true".to_owned();
        }
        let other = self.literal(Ty::Text);
        match self.c.below(5) {
            0 => format!("({text} {} {other})", self.c.pick(COMPARISONS)),
            1 => self.called("starts_with", &[text, other]),
            2 => self.called("ends_with", &[text, other]),
            3 => self.called("contains", &[text, other]),
            _ => format!("({} > {})", self.called("len", &[text]), self.c.below(4)),
        }
    }

    fn enum_test(&mut self, scope: &Scope) -> String {
        let domain = 1 + self.c.below(2);
        let value = self.leaf(scope, Ty::Enum(domain));
        if value.starts_with('"') {
            return "false".to_owned();
        }
        match self.c.below(3) {
            0 => format!("({value} == {})", self.literal(Ty::Enum(domain))),
            1 => format!("({value} != {})", self.literal(Ty::Enum(domain))),
            _ => {
                let (a, b) = (quoted(DOMAINS[domain][0]), quoted(DOMAINS[domain][2]));
                format!("({value} {} [{a}, {b}])", ["in", "!in"][self.c.below(2)])
            }
        }
    }

    fn open_facts(&self, scope: &Scope) -> Vec<Fact> {
        let open = |fact: &&Fact| scope.facts && !fact.plain() && !scope.known.contains(&fact.name);
        self.world.facts.iter().filter(open).cloned().collect()
    }

    fn about_missing(&mut self, scope: &Scope) -> String {
        let open = self.open_facts(scope);
        if open.is_empty() {
            return self.compare(scope, Ty::Integer, 0);
        }
        let fact = &open[self.c.below(open.len())];
        let name = format!("f.{}", fact.name);
        match (fact.optional, fact.special.first(), self.c.below(3)) {
            (_, Some((code, _)), 0) => format!("is_special({name}, {})", quoted(code)),
            (_, Some(_), 1) | (false, Some(_), _) => self.called("is_special", &[name]),
            (_, _, 1) => format!("({name} == ())"),
            (_, _, 2) => format!("({name} != ())"),
            _ => self.called("is_missing", &[name]),
        }
    }

    /// A fact is tested for being a value, and used behind `&&` or `||`.
    fn guarded(&mut self, scope: &Scope, depth: usize) -> String {
        let open = self.open_facts(scope);
        if open.is_empty() {
            return self.test(scope, depth);
        }
        let fact = open[self.c.below(open.len())].clone();
        let mut inner = scope.clone();
        inner.known.push(fact.name);
        inner.locals = vec![(format!("f.{}", fact.name), fact.ty)];
        inner.facts = self.c.chance(50);
        let test = match fact.ty {
            Ty::Integer | Ty::Decimal(_) | Ty::Date => self.compare(&inner, fact.ty, depth),
            Ty::Boolean => format!("f.{}", fact.name),
            Ty::Text => self.text_test(&inner),
            _ => self.boolean(&inner, 0),
        };
        if fact.special.is_empty() && self.c.chance(25) {
            return match self.c.below(2) {
                0 => format!("(f.{} != () && ({test}))", fact.name),
                _ => format!("(f.{} == () || ({test}))", fact.name),
            };
        }
        if self.c.chance(50) {
            format!("({} && ({test}))", present(&fact))
        } else {
            format!("({} || ({test}))", absent(&fact))
        }
    }

    fn membership(&mut self, scope: &Scope, depth: usize) -> String {
        let op = self.c.pick(&["in", "!in"]);
        let (a, b) = (self.c.between(0, 60), self.c.between(61, 400));
        let value = self.expr(scope, Ty::Integer, depth);
        if value.parse::<i64>().is_ok() {
            return self.compare(scope, Ty::Integer, 0);
        }
        match self.c.below(3) {
            0 => format!("({value} {op} [{a}, {b}, {}])", a + b),
            1 => format!("({value} {op} {a}..{b})"),
            _ => format!("({value} {op} {a}..={b})"),
        }
    }

    fn has_structured(&self, scope: &Scope, name: &str) -> bool {
        scope.facts && self.world.structured.contains(&name)
    }

    /// A closure's scope: its parameter, and sometimes the facts and locals around it.
    fn closure(&mut self, scope: &Scope, ty: Ty) -> (String, Scope) {
        let name = self.world.fresh("x");
        let mut inner = if self.c.chance(8) { scope.clone() } else { Scope::default() };
        match ty {
            Ty::Loan => inner.locals.extend([
                (format!("{name}.balance"), Ty::Decimal(2)),
                (format!("{name}.days"), Ty::Integer),
                (format!("{name}.due"), Ty::Date),
                (format!("{name}.kind"), Ty::Enum(3)),
                (format!("({name}.rate ?? 0.125)"), Ty::Decimal(3)),
                (format!("{name}.rate.value_or(0.5)"), Ty::Decimal(3)),
                (format!("is_missing({name}.rate)"), Ty::Boolean),
            ]),
            _ => inner.locals.push((name.clone(), ty)),
        }
        (name, inner)
    }

    fn some_list(&mut self, scope: &Scope) -> Option<(&'static str, Ty)> {
        let lists = [
            ("nums", Ty::Integer),
            ("loans", Ty::Loan),
            ("codes", Ty::Enum(3)),
            ("sums", Ty::Decimal(1)),
            ("days", Ty::Date),
        ];
        let there: Vec<_> = lists.into_iter().filter(|(name, _)| self.has_structured(scope, name)).collect();
        if there.is_empty() { None } else { Some(there[self.c.below(there.len())]) }
    }

    fn list_test(&mut self, scope: &Scope, depth: usize) -> String {
        let Some((list, ty)) = self.some_list(scope) else { return self.test(scope, depth) };
        if list == "codes" && self.c.chance(50) {
            let code = self.literal(Ty::Enum(3));
            return if self.c.chance(50) {
                format!("({code} in f.codes)")
            } else {
                format!("f.codes.contains({code})")
            };
        }
        let (name, inner) = self.closure(scope, ty);
        let test = match ty {
            Ty::Enum(_) => format!("{name} == {}", self.literal(ty)),
            _ => self.boolean(&inner, depth.min(1)),
        };
        match self.c.below(3) {
            0 => format!("f.{list}.any(|{name}| {test})"),
            1 => format!("f.{list}.all(|{name}| {test})"),
            _ => format!("(f.{list}.filter(|{name}| {test}).len() > {})", self.c.below(3)),
        }
    }

    /// An integer out of a list or a series.
    pub fn list_integer(&mut self, scope: &Scope, depth: usize) -> String {
        let Some((list, ty)) = self.some_list(scope) else { return self.leaf(scope, Ty::Integer) };
        let default = self.c.below(20);
        match (ty, self.c.below(6)) {
            (Ty::Integer, 0) => "f.nums.sum()".to_owned(),
            (Ty::Integer, 1) => format!("(f.nums.{}() ?? {default})", ["min", "max"][self.c.below(2)]),
            (Ty::Integer, 2) => format!("f.nums[{}]", ["0", "-1", "1", "2"][self.c.below(4)]),
            (Ty::Loan, 0) => format!("f.loans.map(|{0}| {0}.days).sum()", self.world.fresh("x")),
            (Ty::Loan, 1) => format!("(f.loans.map(|{0}| {0}.days).max() ?? {default})", self.world.fresh("x")),
            (Ty::Loan, 2) => "f.loans[0].days".to_owned(),
            (_, 3) if ty != Ty::Enum(3) => {
                let (name, inner) = self.closure(scope, ty);
                let test = self.boolean(&inner, depth.min(1));
                format!("f.{list}.count(|{name}| {test})")
            }
            (_, 4) if self.has_structured(scope, "bal") => self.called("len", &["f.bal".to_owned()]),
            _ => self.called("len", &[format!("f.{list}")]),
        }
    }

    /// A decimal out of a list or a series.
    pub fn list_decimal(&mut self, scope: &Scope, depth: usize) -> (String, u32) {
        let mode = quoted(self.c.pick(MODES));
        let default = self.literal(Ty::Decimal(2));
        if self.has_structured(scope, "bal") && self.c.chance(60) {
            return match self.c.below(4) {
                0 => ("f.bal.sum()".to_owned(), 2),
                1 => (format!("(f.bal.avg(3, {mode}) ?? {default})"), 3),
                2 => (format!("(f.bal.min() ?? {default})"), 2),
                _ => (format!("(f.bal.max() ?? {default})"), 2),
            };
        }
        if self.has_structured(scope, "loans") {
            let (name, inner) = self.closure(scope, Ty::Loan);
            let filter = if self.c.chance(50) {
                let other = self.world.fresh("x");
                let test = self.boolean(&inner, depth.min(1)).replace(&format!("{name}."), &format!("{other}."));
                format!(".filter(|{other}| {test})")
            } else {
                String::new()
            };
            let list = format!("f.loans{filter}.map(|{name}| {name}.balance)");
            return match self.c.below(3) {
                0 => (format!("{list}.sum()"), 2),
                1 => (format!("({list}.avg(4, {mode}) ?? {default})"), 4),
                _ => (format!("({list}.max() ?? {default})"), 2),
            };
        }
        if self.has_structured(scope, "sums") && self.c.chance(60) {
            return match self.c.below(4) {
                0 => ("f.sums.sum()".to_owned(), 1),
                1 => (format!("(f.sums.avg(1, {mode}) ?? {default})"), 2),
                2 => (format!("(f.sums.min() ?? {default})"), 2),
                _ => (format!("f.sums[{}]", ["0", "-1"][self.c.below(2)]), 1),
            };
        }
        if self.has_structured(scope, "nums") {
            return (format!("(f.nums.avg(2, {mode}) ?? {default})"), 2);
        }
        (default, 2)
    }
}
