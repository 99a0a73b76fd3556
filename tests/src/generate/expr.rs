//! Expressions, well typed by construction: what may be missing or special is handled before it is used.

use super::choices::Choices;
use super::world::{DATES, DOMAINS, Fact, TEXTS, Ty, World, fixed, quoted};

/// The six rounding modes.
pub const MODES: &[&str] = &["half_up", "half_even", "down", "up", "floor", "ceiling"];

/// What an expression may read where it stands.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// `f` is in scope.
    pub facts: bool,
    /// `hits` is in scope.
    pub hits: bool,
    /// Expressions with their types: locals, parameters, fields of artefacts.
    pub locals: Vec<(String, Ty)>,
    /// Facts of which the flow established that they are values.
    pub known: Vec<&'static str>,
    /// In a cell of a table: an expression, no statements.
    pub cell: bool,
}

impl Scope {
    /// Where only the facts are in scope.
    pub fn of_facts() -> Self {
        Self { facts: true, ..Self::default() }
    }
}

/// A generator at work.
pub struct Gen<'g, 'c> {
    /// Where everything comes from.
    pub c: &'g mut Choices<'c>,
    /// What there is to speak of.
    pub world: &'g mut World,
}

impl Gen<'_, '_> {
    /// An expression of this type; a decimal has at most so many digits.
    pub fn expr(&mut self, scope: &Scope, ty: Ty, depth: usize) -> String {
        if ty == Ty::Facts {
            return "f".to_owned();
        }
        if depth > 0 && self.c.chance(15) {
            return self.branching(scope, ty, depth - 1);
        }
        if depth > 0
            && self.c.chance(10)
            && let Some(call) = self.helper_call(scope, ty, depth - 1)
        {
            return call;
        }
        match ty {
            Ty::Boolean => self.boolean(scope, depth),
            Ty::Integer => self.integer(scope, depth),
            Ty::Decimal(scale) => self.decimal_within(scope, depth, scale),
            Ty::Text => self.leaf(scope, ty),
            Ty::Enum(_) => self.leaf(scope, ty),
            Ty::Date => self.date(scope, depth),
            Ty::Loan | Ty::Facts => unreachable!("no expression of its own"),
        }
    }

    /// A literal of this type.
    pub fn literal(&mut self, ty: Ty) -> String {
        let number = |c: &mut Choices<'_>, scale: u32| {
            let units = if c.chance(10) { -c.between(0, 300) } else { c.between(0, 600) };
            let text = fixed(units, scale);
            if units < 0 { format!("({text})") } else { text }
        };
        match ty {
            Ty::Boolean => ["true", "false"][self.c.below(2)].to_owned(),
            Ty::Integer if self.c.chance(3) => "9223372036854775807".to_owned(),
            Ty::Integer => number(self.c, 0),
            Ty::Decimal(0) => number(self.c, 1).replace(".0", "."),
            Ty::Decimal(scale) => number(self.c, scale),
            Ty::Text => quoted(self.c.pick(TEXTS)),
            Ty::Enum(domain) => quoted(self.c.pick(DOMAINS[domain])),
            Ty::Date => format!("date({})", quoted(some_date(self.c))),
            Ty::Loan | Ty::Facts => unreachable!("no literal"),
        }
    }

    /// Facts of this kind that can be read here, each as an expression that is always a value.
    fn readings(&mut self, scope: &Scope, fits: impl Fn(Ty) -> bool) -> Vec<(String, Ty)> {
        let mut all: Vec<(String, Ty)> = scope.locals.iter().filter(|(_, ty)| fits(*ty)).cloned().collect();
        if scope.facts {
            let facts: Vec<Fact> = self.world.facts.iter().filter(|fact| fits(fact.ty)).cloned().collect();
            for fact in facts {
                let reading = self.reading(scope, &fact);
                all.push((reading, fact.ty));
            }
        }
        all
    }

    fn reading(&mut self, scope: &Scope, fact: &Fact) -> String {
        let name = format!("f.{}", fact.name);
        if fact.plain() || scope.known.contains(&fact.name) {
            return name;
        }
        let default = self.literal(fact.ty);
        match self.c.below(3) {
            0 => format!("value_or({name}, {default})"),
            1 if fact.special.is_empty() => format!("({name} ?? {default})"),
            1 => format!("{name}.value_or({default})"),
            _ => format!("(if {} {{ {default} }} else {{ {name} }})", absent(fact)),
        }
    }

    /// A literal, a local or a fact.
    pub fn leaf(&mut self, scope: &Scope, ty: Ty) -> String {
        let known = self.readings(scope, |other| match (ty, other) {
            (Ty::Decimal(most), Ty::Decimal(scale)) => scale <= most,
            _ => ty == other,
        });
        if known.is_empty() || self.c.chance(20) {
            return self.literal(ty);
        }
        known[self.c.below(known.len())].0.clone()
    }

    fn decimal_within(&mut self, scope: &Scope, depth: usize, most: u32) -> String {
        let (text, scale) = self.decimal(scope, depth);
        if scale <= most && !self.c.chance(10) {
            return text;
        }
        let mode = self.c.pick(MODES);
        self.called("round", &[text, most.to_string(), quoted(mode)])
    }

    /// `name(a, b)` or `a.name(b)`.
    pub fn called(&mut self, name: &str, arguments: &[String]) -> String {
        match arguments.split_first() {
            Some((first, rest)) if self.c.chance(30) => {
                let plain = first.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '(' | ')' | ','));
                let receiver = if plain && first.starts_with("f.") { first.clone() } else { format!("({first})") };
                format!("{receiver}.{name}({})", rest.join(", "))
            }
            _ => format!("{name}({})", arguments.join(", ")),
        }
    }

    /// A decimal and the most digits it can have.
    fn decimal(&mut self, scope: &Scope, depth: usize) -> (String, u32) {
        if depth == 0 {
            let known = self.readings(scope, |ty| matches!(ty, Ty::Decimal(_)));
            if known.is_empty() || self.c.chance(20) {
                let scale = [2, 1, 4, 3][self.c.below(4)];
                return (self.literal(Ty::Decimal(scale)), scale);
            }
            let (text, ty) = known[self.c.below(known.len())].clone();
            let Ty::Decimal(scale) = ty else { unreachable!("a decimal") };
            return (text, scale);
        }
        let depth = depth - 1;
        match self.c.weighted(&[4, 3, 3, 3, 2, 2, 1, 2, 1, 1, 2]) {
            0 => self.decimal(scope, 0),
            1 => self.decimal_arithmetic(scope, depth),
            2 => self.rounded(scope, depth),
            3 => self.quotient(scope, depth),
            4 => self.least_or_greatest(scope, depth),
            5 => self.list_decimal(scope, depth),
            6 => {
                let (a, scale) = self.decimal(scope, depth);
                let text = match self.c.below(5) {
                    0 | 1 => format!("(-{a})"),
                    2 => format!("(+{a})"),
                    _ => self.called("abs", &[a]),
                };
                (text, scale)
            }
            7 => self.odds(scope, depth),
            8 => {
                let (a, scale) = self.decimal(scope, depth);
                let (low, high) = self.bounds(scope);
                (self.called("clamp", &[a, low, high]), scale)
            }
            9 => {
                let scale = self.c.below(7) as u32;
                let (a, b) = (self.date(scope, depth), self.date(scope, depth));
                let count = self.c.pick(&["act/360", "act/365f", "30/360", "30e/360"]);
                let mode = self.c.pick(MODES);
                (self.called("year_fraction", &[a, b, quoted(count), scale.to_string(), quoted(mode)]), scale)
            }
            _ => ("param(\"rate\")".to_owned(), 2),
        }
    }

    /// A number rounded, often with ties: half of it, to one digit less.
    fn rounded(&mut self, scope: &Scope, depth: usize) -> (String, u32) {
        let (a, digits) = self.number(scope, depth);
        let (a, scale) = match self.c.below(3) {
            0 => (format!("({a} * 0.5)"), digits),
            1 => (a, digits.saturating_sub(1)),
            _ => (a, self.c.below(7) as u32),
        };
        let mode = self.c.pick(MODES);
        (self.called("round", &[a, scale.to_string(), quoted(mode)]), scale)
    }

    /// A quotient, often with ties: by a power of two or ten.
    fn quotient(&mut self, scope: &Scope, depth: usize) -> (String, u32) {
        let (a, digits) = self.number(scope, depth);
        let (b, scale) = match self.c.below(4) {
            0 => (["2", "4", "20", "(-8)", "200"][self.c.below(5)].to_owned(), digits),
            1 => (self.c.between(1, 60).to_string(), [2, 4, 0, 8, 1][self.c.below(5)]),
            2 => (self.number(scope, depth).0, self.c.below(13) as u32),
            _ => (self.number(scope, depth).0, [2, 27, 28, 20][self.c.weighted(&[12, 1, 1, 1])]),
        };
        let mode = self.c.pick(MODES);
        (self.called("div", &[a, b, scale.to_string(), quoted(mode)]), scale)
    }

    fn decimal_arithmetic(&mut self, scope: &Scope, depth: usize) -> (String, u32) {
        let ((a, s1), (b, s2)) = (self.decimal(scope, depth), self.number(scope, depth));
        match self.c.below(3) {
            0 => (format!("({a} + {b})"), s1.max(s2)),
            1 => (format!("({a} - {b})"), s1.max(s2)),
            _ if s1 + s2 > 26 => (format!("(round({a}, 3, \"half_up\") * {b})"), 3 + s2),
            _ => (format!("({a} * {b})"), s1 + s2),
        }
    }

    fn least_or_greatest(&mut self, scope: &Scope, depth: usize) -> (String, u32) {
        let ((a, s1), (b, s2)) = (self.decimal(scope, depth), self.number(scope, depth));
        let name = ["min", "max"][self.c.below(2)];
        (self.called(name, &[a, b]), s1.max(s2))
    }

    fn odds(&mut self, scope: &Scope, depth: usize) -> (String, u32) {
        let scale = self.c.below(13) as u32;
        let (a, _) = self.number(scope, depth);
        let name = self.c.pick(&["pd_from_score", "score_from_good_odds", "good_odds_from_score"]);
        let pdo = ["20", "50", "(-20)", "33.5", "0"][self.c.weighted(&[5, 5, 2, 2, 1])].to_owned();
        let (base, odds) =
            (["600", "0", "0.5"][self.c.below(3)].to_owned(), ["50", "19", "0.25", "1"][self.c.below(4)].to_owned());
        let mode = self.c.pick(MODES);
        (self.called(name, &[a, pdo, base, odds, scale.to_string(), quoted(mode)]), scale)
    }

    /// A number of either type, with its digits; integers among them are small.
    fn number(&mut self, scope: &Scope, depth: usize) -> (String, u32) {
        if self.c.chance(60) {
            return self.decimal(scope, depth);
        }
        let small: Vec<(String, Ty)> = self.readings(scope, |ty| ty == Ty::Integer);
        let small: Vec<_> = small.into_iter().filter(|(text, _)| !text.contains("big")).collect();
        if small.is_empty() || self.c.chance(40) {
            return (self.c.between(0, 40).to_string(), 0);
        }
        (small[self.c.below(small.len())].0.clone(), 0)
    }

    fn integer(&mut self, scope: &Scope, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(scope, Ty::Integer);
        }
        let depth = depth - 1;
        let one = |this: &mut Self| this.expr(scope, Ty::Integer, depth);
        match self.c.weighted(&[4, 4, 2, 2, 2, 2, 2, 2, 2]) {
            0 => self.leaf(scope, Ty::Integer),
            1 => {
                let (a, b) = (one(self), one(self));
                let op = self.c.pick(&["+", "-", "*"]);
                format!("({a} {op} {b})")
            }
            2 => {
                let a = one(self);
                let b = if self.c.chance(25) { one(self) } else { self.c.between(1, 30).to_string() };
                format!("({a} % {b})")
            }
            3 => {
                let a = self.leaf(scope, Ty::Integer);
                format!("({a} ** {})", ["2", "3", "0", "1", "10"][self.c.below(5)])
            }
            4 => {
                let (a, b) = (one(self), one(self));
                let name = ["min", "max"][self.c.below(2)];
                self.called(name, &[a, b])
            }
            5 => {
                let a = one(self);
                if self.c.chance(40) { format!("(-{a})") } else { self.called("abs", &[a]) }
            }
            6 => self.days(scope, depth),
            7 => self.list_integer(scope, depth),
            _ if self.c.chance(50) => {
                let a = one(self);
                let (low, high) = self.bounds(scope);
                self.called("clamp", &[a, low, high])
            }
            _ => "param(\"cut\")".to_owned(),
        }
    }

    /// How many days or months to add: mostly few.
    fn step(&mut self, scope: &Scope) -> String {
        if self.c.chance(15) { self.expr(scope, Ty::Integer, 1) } else { format!("({})", self.c.between(-13, 40)) }
    }

    /// The ends of a `clamp`: mostly in order.
    fn bounds(&mut self, scope: &Scope) -> (String, String) {
        if self.c.chance(15) {
            return (self.leaf(scope, Ty::Integer), self.leaf(scope, Ty::Integer));
        }
        let low = self.c.between(-20, 60);
        (format!("({low})"), (low + self.c.between(0, 200)).to_string())
    }

    fn days(&mut self, scope: &Scope, depth: usize) -> String {
        let (a, b) = (self.date(scope, depth), self.date(scope, depth));
        if self.c.chance(50) {
            return self.called("age_in_years", &["date(\"1900-02-28\")".to_owned(), a]);
        }
        let name = self.c.pick(&["days_between", "months_between", "age_in_years"]);
        self.called(name, &[a, b])
    }

    fn date(&mut self, scope: &Scope, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(scope, Ty::Date);
        }
        let depth = depth - 1;
        match self.c.weighted(&[5, 2, 3, 3]) {
            0 => self.leaf(scope, Ty::Date),
            1 => "as_of()".to_owned(),
            2 => {
                let (date, n) = (self.date(scope, depth), self.step(scope));
                self.called("add_days", &[date, n])
            }
            _ => {
                let (date, n) = (self.date(scope, depth), self.step(scope));
                let mut arguments = vec![date, n];
                if self.c.chance(40) {
                    arguments.push(quoted("end_of_month"));
                }
                self.called("add_months", &arguments)
            }
        }
    }

    /// `if` or `switch`, with blocks that may have locals of their own.
    fn branching(&mut self, scope: &Scope, ty: Ty, depth: usize) -> String {
        match self.c.below(5) {
            4 => self.switch_other(scope, ty, depth),
            0 => {
                let condition = self.boolean(scope, depth);
                let (then, other) = (self.block(scope, ty, depth), self.block(scope, ty, depth));
                format!("(if {condition} {{ {then} }} else {{ {other} }})")
            }
            1 => self.flow(scope, ty, depth),
            2 => self.switch_enum(scope, ty, depth),
            _ => self.switch_integer(scope, ty, depth),
        }
    }

    fn block(&mut self, scope: &Scope, ty: Ty, depth: usize) -> String {
        if scope.cell || !self.c.chance(30) {
            return self.expr(scope, ty, depth);
        }
        let local = [Ty::Integer, Ty::Decimal(2), Ty::Boolean, Ty::Date][self.c.below(4)];
        let (name, value) = (self.world.fresh("v"), self.expr(scope, local, depth));
        let mut inner = scope.clone();
        inner.locals.push((name.clone(), local));
        let result = self.expr(&inner, ty, depth);
        format!("let {name} = {value}; {result}")
    }

    /// A branch on whether a fact is a value; behind it the fact is used as it is.
    fn flow(&mut self, scope: &Scope, ty: Ty, depth: usize) -> String {
        let open: Vec<Fact> = self
            .world
            .facts
            .iter()
            .filter(|fact| !fact.plain() && !scope.known.contains(&fact.name))
            .cloned()
            .collect();
        if !scope.facts || open.is_empty() {
            return self.expr(scope, ty, depth);
        }
        let fact = open[self.c.below(open.len())].clone();
        let mut inner = scope.clone();
        inner.known.push(fact.name);
        let without = self.block(scope, ty, depth);
        let with = self.block(&inner, ty, depth);
        if self.c.chance(50) {
            format!("(if {} {{ {with} }} else {{ {without} }})", present(&fact))
        } else {
            format!("(if {} {{ {without} }} else {{ {with} }})", absent(&fact))
        }
    }

    fn switch_enum(&mut self, scope: &Scope, ty: Ty, depth: usize) -> String {
        let domain = 1 + self.c.below(2);
        let subjects = self.readings(scope, |other| other == Ty::Enum(domain));
        if subjects.is_empty() {
            return self.expr(scope, ty, depth);
        }
        let subject = subjects[self.c.below(subjects.len())].0.clone();
        let values = DOMAINS[domain];
        let mut arms = Vec::new();
        let alone = self.c.below(values.len());
        let guard = if self.c.chance(30) { format!(" if {}", self.boolean(scope, depth)) } else { String::new() };
        arms.push(format!("{}{guard} => {}", quoted(values[alone]), self.expr(scope, ty, depth)));
        if guard.is_empty() && self.c.chance(50) {
            let rest: Vec<String> = values
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != alone)
                .map(|(_, value)| quoted(value))
                .collect();
            arms.push(format!("{} => {}", rest.join(" | "), self.expr(scope, ty, depth)));
        } else {
            arms.push(format!("_ => {}", self.expr(scope, ty, depth)));
        }
        format!("(switch {subject} {{ {} }})", arms.join(", "))
    }

    /// A `switch` over a text, a truth value or a decimal.
    fn switch_other(&mut self, scope: &Scope, ty: Ty, depth: usize) -> String {
        let family = [Ty::Text, Ty::Boolean][self.c.below(2)];
        let subjects = self.readings(scope, |other| other == family);
        if subjects.is_empty() {
            return self.expr(scope, ty, depth);
        }
        let subject = subjects[self.c.below(subjects.len())].0.clone();
        let (first, second) = match family {
            Ty::Text => (quoted(TEXTS[1]), format!("{} | {}", quoted(TEXTS[4]), quoted(TEXTS[0]))),
            _ => ("true".to_owned(), "false".to_owned()),
        };
        let arms = [self.expr(scope, ty, depth), self.expr(scope, ty, depth)];
        let rest =
            if family == Ty::Boolean { String::new() } else { format!(", _ => {}", self.expr(scope, ty, depth)) };
        format!("(switch {subject} {{ {first} => {}, {second} => {}{rest} }})", arms[0], arms[1])
    }

    fn switch_integer(&mut self, scope: &Scope, ty: Ty, depth: usize) -> String {
        let subjects = self.readings(scope, |other| other == Ty::Integer);
        if subjects.is_empty() {
            return self.expr(scope, ty, depth);
        }
        let subject = subjects[self.c.below(subjects.len())].0.clone();
        let first = self.c.between(0, 50);
        let mut arms = vec![format!("{first} | {} => {}", first + 2, self.expr(scope, ty, depth))];
        let guard = if self.c.chance(30) { format!(" if {}", self.boolean(scope, depth)) } else { String::new() };
        let dots = self.c.pick(&["..", "..="]);
        let (low, high) = (first + 3, first + 3 + self.c.between(1, 200));
        arms.push(format!("{low}{dots}{high}{guard} => {}", self.expr(scope, ty, depth)));
        arms.push(format!("_ => {}", self.expr(scope, ty, depth)));
        format!("(switch {subject} {{ {} }})", arms.join(", "))
    }

    fn helper_call(&mut self, scope: &Scope, ty: Ty, depth: usize) -> Option<String> {
        let fitting: Vec<_> = self
            .world
            .helpers
            .iter()
            .filter(|(_, parameters, result)| *result == ty && (scope.facts || !parameters.contains(&Ty::Facts)))
            .cloned()
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let (name, parameters, _) = fitting[self.c.below(fitting.len())].clone();
        let arguments: Vec<String> = parameters.iter().map(|ty| self.expr(scope, *ty, depth.min(1))).collect();
        Some(format!("{name}({})", arguments.join(", ")))
    }
}

/// A date; the ends of the calendar are rare.
pub fn some_date(c: &mut Choices<'_>) -> &'static str {
    let rare = c.chance(4);
    DATES[if rare { c.below(DATES.len()) } else { c.below(DATES.len() - 2) }]
}

/// The test that holds where the fact is no value.
pub fn absent(fact: &Fact) -> String {
    let name = format!("f.{}", fact.name);
    match (fact.optional, fact.special.is_empty()) {
        (true, true) => format!("is_missing({name})"),
        (false, false) => format!("is_special({name})"),
        _ => format!("is_missing({name}) || is_special({name})"),
    }
}

/// The test that holds where the fact is a value.
pub fn present(fact: &Fact) -> String {
    let name = format!("f.{}", fact.name);
    match (fact.optional, fact.special.is_empty()) {
        (true, true) => format!("!is_missing({name})"),
        (false, false) => format!("!is_special({name})"),
        _ => format!("!is_missing({name}) && !is_special({name})"),
    }
}
