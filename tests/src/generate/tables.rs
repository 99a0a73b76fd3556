//! Decision tables under every hit policy, and matrices.

use super::expr::{Gen, Scope};
use super::world::{Artefact, DATES, DOMAINS, Fact, Ty, csv_row, fixed, quoted, toml_type};

/// All hit policies as `ruleset.toml` writes them.
pub const POLICIES: &[&str] = &[
    "unique",
    "first",
    "any",
    "priority",
    "rule_order",
    "output_order",
    "collect(list)",
    "collect(sum)",
    "collect(min)",
    "collect(max)",
    "collect(count)",
];

/// An output column.
struct Column {
    name: &'static str,
    ty: Ty,
    optional: bool,
}

impl Gen<'_, '_> {
    /// A decision table over one to three facts.
    pub fn table(&mut self) {
        let name = self.world.fresh("table");
        let policy = self.c.pick(POLICIES);
        let facts: Vec<Fact> =
            self.world.facts.iter().filter(|fact| !matches!(fact.name, "big" | "wide")).cloned().collect();
        let count = 1 + self.c.below(3);
        let mut inputs: Vec<Fact> = Vec::new();
        for _ in 0..count {
            let fact = facts[self.c.below(facts.len())].clone();
            if !inputs.iter().any(|other| other.name == fact.name) {
                inputs.push(fact);
            }
        }
        if self.c.chance(25) {
            // A column that is no fact has the type of its argument.
            let ty = [Ty::Integer, Ty::Decimal(2), Ty::Date][self.c.below(3)];
            inputs.push(Fact { bounds: Some((0, 400)), derived: false, ..Fact::derived("asked", ty, false) });
        }
        let columns = self.columns(policy);
        let no_match = ["missing", "default", "error"][self.c.weighted(&[4, 4, 2])];
        let mut rows = self.rows(policy, &inputs, &columns);
        if no_match == "default" {
            let mut row = vec!["default".to_owned()];
            row.extend(inputs.iter().map(|_| "-".to_owned()));
            row.extend(columns.iter().map(|column| self.output_cell(column)));
            row.extend([self.reason(), String::new(), String::new()]);
            rows.push(row);
        }
        let mut header = vec!["id".to_owned()];
        header.extend(inputs.iter().map(|fact| fact.name.to_owned()));
        header.extend(columns.iter().map(|column| format!("->{}", column.name)));
        header.extend(["reason", "valid_from", "valid_until"].map(str::to_owned));
        let csv: String = std::iter::once(&header).chain(&rows).map(|row| csv_row(row)).collect();
        self.world.files.insert(format!("{name}.table.csv"), csv);
        let names: Vec<String> = inputs.iter().map(|fact| quoted(fact.name)).collect();
        let outputs: Vec<String> = columns
            .iter()
            .map(|column| {
                let optional = if column.optional { ", optional = true" } else { "" };
                format!("{} = {{ {}{optional} }}", column.name, toml_type(column.ty))
            })
            .collect();
        self.world.sections += &format!(
            "[tables.{name}]\nfile = \"{name}.table.csv\"\nhit = \"{policy}\"\ninputs = [{}]\noutputs = {{ {} }}\nno_match = \"{no_match}\"\n",
            names.join(", "),
            outputs.join(", ")
        );
        let scope = Scope { cell: true, ..Scope::of_facts() };
        let mut arguments: Vec<String> = Vec::new();
        for fact in &inputs {
            arguments.push(match fact.name {
                "asked" => self.expr(&scope, fact.ty, 2),
                name => format!("f.{name}"),
            });
        }
        self.offer_table(name, policy, no_match, &columns, &arguments);
    }

    fn columns(&mut self, policy: &str) -> Vec<Column> {
        let amount = Column { name: "amount", ty: Ty::Decimal(2), optional: false };
        let level = Column { name: "level", ty: Ty::Integer, optional: false };
        let verdict = Column { name: "verdict", ty: Ty::Enum(0), optional: false };
        let grade = Column { name: "grade", ty: Ty::Enum(2), optional: false };
        match policy {
            "collect(sum)" | "collect(min)" | "collect(max)" => vec![if self.c.chance(50) { amount } else { level }],
            "collect(count)" => vec![level],
            "priority" | "output_order" => match self.c.below(3) {
                0 => vec![verdict],
                1 => vec![amount, verdict],
                _ => vec![grade, verdict, level],
            },
            _ => {
                let optional = self.c.chance(25);
                let date = Column { name: "ends", ty: Ty::Date, optional: false };
                let flag = Column { name: "flag", ty: Ty::Boolean, optional: false };
                match self.c.below(4) {
                    0 => vec![level],
                    1 => vec![Column { optional, ..amount }, verdict],
                    2 => vec![grade, flag],
                    _ => vec![date],
                }
            }
        }
    }

    fn rows(&mut self, policy: &str, inputs: &[Fact], columns: &[Column]) -> Vec<Vec<String>> {
        let count = 1 + self.c.below(6);
        // Under `unique` and `any` the first column mostly parts the rows.
        let parted = matches!(policy, "unique" | "any") && self.c.chance(80);
        let firsts: Vec<String> = match parted {
            true => self.parts(&inputs[0], count),
            false => (0..count).map(|_| self.cell(&inputs[0])).collect(),
        };
        let mut rows = Vec::new();
        for (index, first) in firsts.into_iter().enumerate() {
            let mut row = vec![format!("r{index}"), first];
            for fact in &inputs[1..] {
                row.push(self.cell(fact));
            }
            row.extend(columns.iter().map(|column| self.output_cell(column)));
            if policy == "any" && self.c.chance(60) {
                let same: &[String] = rows.first().map_or(&row, |row: &Vec<String>| row);
                let same: Vec<String> = same[1 + inputs.len()..1 + inputs.len() + columns.len()].to_vec();
                row.splice(1 + inputs.len().., same);
            }
            row.push(self.reason());
            let (from, until) = if self.c.chance(20) { self.period() } else { (String::new(), String::new()) };
            row.extend([from, until]);
            rows.push(row);
        }
        rows
    }

    fn period(&mut self) -> (String, String) {
        match self.c.below(3) {
            0 => ("2026-11-30".to_owned(), String::new()),
            1 => (String::new(), "2026-11-30".to_owned()),
            _ => ("2026-01-31".to_owned(), "2026-12-31".to_owned()),
        }
    }

    /// Tests that part the values of a fact, one per row.
    fn parts(&mut self, fact: &Fact, count: usize) -> Vec<String> {
        let scale = match fact.ty {
            Ty::Integer => 0,
            Ty::Decimal(scale) => scale,
            Ty::Enum(domain) => return DOMAINS[domain].iter().map(|value| quoted(value)).collect(),
            Ty::Boolean => return vec!["true".to_owned(), "false".to_owned()],
            _ => return vec!["null".to_owned(), "not(null)".to_owned()],
        };
        let cuts = self.cuts(Some(fact), count);
        self.world.add_edges(fact.name, &cuts);
        let figures: Vec<String> = cuts.iter().map(|cut| fixed(*cut, scale)).collect();
        let mut tests = vec![format!("< {}", figures[0])];
        let closed = self.c.chance(20);
        tests.extend(
            figures.windows(2).map(|pair| format!("[{}..{}{}", pair[0], pair[1], if closed { "]" } else { ")" })),
        );
        tests.push(format!(">= {}", figures[figures.len() - 1]));
        tests
    }

    fn cell(&mut self, fact: &Fact) -> String {
        let mut tests: Vec<String> = (0..1 + self.c.below(2)).map(|_| self.positive_test(fact)).collect();
        match self.c.weighted(&[5, 4, 2, 2, 2]) {
            0 => tests.swap_remove(0),
            1 => "-".to_owned(),
            2 if fact.ty != Ty::Boolean => format!("not({})", tests.join(", ")),
            3 if fact.optional => "null".to_owned(),
            4 if !fact.special.is_empty() => format!("special({})", quoted(fact.special[0].0)),
            _ => {
                tests.dedup();
                tests.join(", ")
            }
        }
    }

    fn positive_test(&mut self, fact: &Fact) -> String {
        match fact.ty {
            Ty::Boolean => ["true", "false"][self.c.below(2)].to_owned(),
            Ty::Enum(domain) => quoted(self.c.pick(DOMAINS[domain])),
            Ty::Text => match self.c.below(3) {
                0 => quoted(["a", "ab", "客户"][self.c.below(3)]),
                1 => format!("< {}", quoted("b")),
                _ => format!("[{}..{}]", quoted("a"), quoted("b")),
            },
            Ty::Date => {
                let mut pair = [DATES[self.c.below(9)], DATES[self.c.below(9)]];
                pair.sort_unstable();
                match self.c.below(3) {
                    0 => format!("date({})", quoted(pair[0])),
                    1 => format!(">= date({})", quoted(pair[0])),
                    _ => format!("[date({})..date({})]", quoted(pair[0]), quoted(pair[1])),
                }
            }
            Ty::Integer => self.number_test(fact, 0),
            Ty::Decimal(scale) => self.number_test(fact, scale),
            Ty::Loan | Ty::Facts => unreachable!("no column"),
        }
    }

    fn number_test(&mut self, fact: &Fact, scale: u32) -> String {
        let cuts = self.cuts(Some(fact), 2);
        self.world.add_edges(fact.name, &cuts);
        let (low, high) = (fixed(cuts[0], scale), fixed(cuts[cuts.len() - 1], scale));
        match self.c.below(9) {
            0 => format!("< {low}"),
            1 => format!(">= {low}"),
            2 => format!("<= {low}"),
            3 => format!("> {low}"),
            4 => low,
            _ if cuts.len() < 2 => format!("[{low}..{high}]"),
            5 => format!("[{low}..{high})"),
            6 => format!("({low}..{high}]"),
            7 => format!("[{low}..{high}]"),
            _ => format!("]{low}..{high}["),
        }
    }

    fn output_cell(&mut self, column: &Column) -> String {
        if column.optional && self.c.chance(30) {
            return String::new();
        }
        if matches!(column.ty, Ty::Decimal(_) | Ty::Integer) && self.c.chance(20) {
            return format!("`{}`", self.expr(&Scope { facts: true, cell: true, ..Scope::default() }, column.ty, 1));
        }
        match column.ty {
            Ty::Integer => self.c.between(-5, 40).to_string(),
            Ty::Decimal(scale) => fixed(self.c.between(0, 90_000), scale),
            Ty::Enum(domain) => {
                let value = self.c.pick(DOMAINS[domain]);
                if self.c.chance(50) { quoted(value) } else { value.to_owned() }
            }
            Ty::Date => format!("date({})", quoted(self.c.pick(DATES))),
            Ty::Boolean => ["true", "false"][self.c.below(2)].to_owned(),
            _ => quoted(""),
        }
    }

    /// What `decide` can do with the table's result.
    fn offer_table(&mut self, name: String, policy: &str, no_match: &str, columns: &[Column], arguments: &[String]) {
        let variable = format!("its_{name}");
        let call = format!("let {variable} = table(\"{name}\", {});", arguments.join(", "));
        let column = &columns[self.c.below(columns.len())];
        let list = matches!(policy, "rule_order" | "output_order" | "collect(list)");
        let field = format!("{variable}.{}", column.name);
        let mut offers = Vec::new();
        if list {
            offers.push((format!("{variable}.len()"), Ty::Integer));
            match column.ty {
                Ty::Decimal(_) if !column.optional => {
                    offers.push((format!("{variable}.map(|row| row.{}).sum()", column.name), column.ty))
                }
                Ty::Integer => {
                    offers.push((format!("({variable}.map(|row| row.{}).max() ?? 0)", column.name), Ty::Integer))
                }
                _ => {}
            }
        } else if policy == "collect(count)" {
            offers.push((field, Ty::Integer));
        } else if column.optional || no_match == "missing" {
            let default = self.literal(column.ty);
            offers.push((format!("({field} ?? {default})"), column.ty));
        } else {
            offers.push((field, column.ty));
        }
        self.world.artefacts.push(Artefact { call, offers });
    }

    /// A matrix of two columns.
    pub fn matrix(&mut self) {
        let Some(fact) = self.world.facts.iter().find(|fact| fact.name == "e1" && fact.plain()).cloned() else {
            return;
        };
        let Some(number) = self.world.facts.iter().find(|fact| fact.name == "n1").cloned() else { return };
        let name = self.world.fresh("matrix");
        let cut = self.cuts(Some(&number), 1)[0];
        self.world.add_edges("n1", &[cut]);
        let mut csv = csv_row(&["e1".to_owned(), format!("< {cut}"), format!(">= {cut}")]);
        for value in DOMAINS[1].iter().take(2 + self.c.below(2)) {
            csv += &csv_row(&[quoted(value), self.c.between(0, 30).to_string(), self.c.between(0, 30).to_string()]);
        }
        self.world.files.insert(format!("{name}.matrix.csv"), csv);
        let no_match = self.c.pick(&["error", "missing"]);
        self.world.sections += &format!(
            "[matrices.{name}]\nfile = \"{name}.matrix.csv\"\ninputs = [{}, \"n1\"]\noutput = {{ type = \"integer\" }}\nno_match = \"{no_match}\"\n",
            quoted(fact.name)
        );
        let variable = format!("its_{name}");
        let offer = if no_match == "missing" { format!("({variable} ?? 7)") } else { variable.clone() };
        self.world.artefacts.push(Artefact {
            call: format!("let {variable} = matrix(\"{name}\", f.e1, f.n1);"),
            offers: vec![(offer, Ty::Integer)],
        });
    }
}
