//! What a generated ruleset declares: facts, parameters, artefacts, and how it is all written as files.

use std::collections::BTreeMap;

use super::choices::Choices;

/// The type of a generated expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    /// `true`, `false`
    Boolean,
    /// An i64.
    Integer,
    /// A decimal with at most so many digits.
    Decimal(u32),
    /// Any text.
    Text,
    /// A value of the domain with this index.
    Enum(usize),
    /// A civil date.
    Date,
    /// An element of `loans`.
    Loan,
    /// `f`, as the parameter of a helper.
    Facts,
}

/// The domains of enums; index 0 is that of `outcome`.
pub const DOMAINS: &[&[&str]] = &[
    &["approve", "refer", "decline"],
    &["retail", "small_business", "corporate"],
    &["AAA", "BB", "C", "D"],
    &["deposit", "mortgage", "card"],
];

/// Texts that facts and literals take.
pub const TEXTS: &[&str] = &["", "a", "ab", "abc", "客户", "b", "Zoë", "a\"b"];

/// Dates that facts and literals take: ends of months, leap days, ends of the calendar.
pub const DATES: &[&str] = &[
    "2026-01-31",
    "2024-02-29",
    "2026-02-28",
    "1990-06-15",
    "2026-11-30",
    "2025-12-31",
    "2000-03-01",
    "2008-02-29",
    "2026-03-30",
    "1900-02-28",
    "9999-12-31",
    "0001-01-01",
];

/// A scalar fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Ty,
    /// Domain, for numbers in units of the last digit.
    pub bounds: Option<(i64, i64)>,
    /// May be missing.
    pub optional: bool,
    /// Special codes: name and value as TOML writes it.
    pub special: Vec<(&'static str, String)>,
    /// Values worth trying, in units of the last digit: edges of bins and cells.
    pub edges: Vec<i64>,
    /// Derived, not given.
    pub derived: bool,
    /// Key in the input, if it is not the name.
    pub source: Option<&'static str>,
    /// Masked in traces.
    pub sensitive: bool,
}

impl Fact {
    /// A derived fact.
    pub fn derived(name: &'static str, ty: Ty, optional: bool) -> Self {
        Self {
            name,
            ty,
            bounds: None,
            optional,
            special: Vec::new(),
            edges: Vec::new(),
            derived: true,
            source: None,
            sensitive: false,
        }
    }

    /// The key under which a record carries it.
    pub fn key(&self) -> &'static str {
        self.source.unwrap_or(self.name)
    }

    /// Always a value.
    pub fn plain(&self) -> bool {
        !self.optional && self.special.is_empty()
    }
}

/// A table, a scale or a card as the script may use it.
#[derive(Clone, Debug)]
pub struct Artefact {
    /// `let` statement that calls it.
    pub call: String,
    /// Expressions it then offers, with types; what may be missing has a default written out.
    pub offers: Vec<(String, Ty)>,
}

/// A ruleset in the making.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Scalar facts, derived ones at the end.
    pub facts: Vec<Fact>,
    /// Which structured facts there are: `nums`, `codes`, `loans`, `bal`.
    pub structured: Vec<&'static str>,
    /// Parameters with types.
    pub parameters: Vec<(&'static str, Ty, String)>,
    /// Constants at the head of the script, which closures there see: name, type.
    pub constants: Vec<(String, Ty)>,
    /// The period of the series.
    pub period: &'static str,
    /// Helper functions: name, types of parameters, type of result.
    pub helpers: Vec<(String, Vec<Ty>, Ty)>,
    /// Codes with a line in `reasons.csv`.
    pub reasons: Vec<String>,
    /// Sections of `ruleset.toml` for artefacts.
    pub sections: String,
    /// All other files.
    pub files: BTreeMap<String, String>,
    /// Cards, scales and tables that decide calls, in order.
    pub artefacts: Vec<Artefact>,
    /// Parts of `rules.rhai`.
    pub script: String,
    /// For unique names.
    pub counter: usize,
}

impl World {
    /// A name not used before.
    pub fn fresh(&mut self, stem: &str) -> String {
        self.counter += 1;
        format!("{stem}{}", self.counter)
    }

    /// Remembers values worth trying.
    pub fn add_edges(&mut self, name: &str, edges: &[i64]) {
        if let Some(fact) = self.facts.iter_mut().find(|fact| fact.name == name) {
            fact.edges.extend(edges);
        }
    }
}

/// `1234` in units of `0.01` as text: `12.34`.
pub fn fixed(units: i64, scale: u32) -> String {
    if scale == 0 {
        return units.to_string();
    }
    let ten = 10_u64.pow(scale);
    let sign = if units < 0 { "-" } else { "" };
    let (whole, rest) = (units.unsigned_abs() / ten, units.unsigned_abs() % ten);
    format!("{sign}{whole}.{rest:0width$}", width = scale as usize)
}

/// A field of a CSV file, quoted where it must be.
pub fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A row of a CSV file.
pub fn csv_row<S: AsRef<str>>(fields: &[S]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| csv_field(field.as_ref())).collect();
    fields.join(",") + "\n"
}

/// A text literal of Rhai or TOML.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Domains as TOML.
pub fn values_of(domain: usize) -> String {
    let values: Vec<String> = DOMAINS[domain].iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

/// The type as TOML writes it in an inline table.
pub fn toml_type(ty: Ty) -> String {
    match ty {
        Ty::Boolean => "type = \"boolean\"".to_owned(),
        Ty::Integer => "type = \"integer\"".to_owned(),
        Ty::Decimal(scale) => format!("type = \"decimal\", scale = {scale}"),
        Ty::Text => "type = \"text\"".to_owned(),
        Ty::Enum(domain) => format!("type = \"enum\", values = {}", values_of(domain)),
        Ty::Date => "type = \"date\"".to_owned(),
        Ty::Loan | Ty::Facts => unreachable!("no declared type"),
    }
}

/// Declares facts and parameters.
pub fn declare(c: &mut Choices<'_>) -> World {
    let mut world = World::default();
    let kinds: [(&'static str, Ty); 12] = [
        ("n1", Ty::Integer),
        ("d1", Ty::Decimal(2)),
        ("e1", Ty::Enum(1)),
        ("b1", Ty::Boolean),
        ("n2", Ty::Integer),
        ("d2", Ty::Decimal([4, 0, 1, 6][c.below(4)])),
        ("e2", Ty::Enum(2)),
        ("t1", Ty::Text),
        ("on1", Ty::Date),
        ("on2", Ty::Date),
        ("big", Ty::Integer),
        ("wide", Ty::Decimal(10)),
    ];
    for (index, (name, ty)) in kinds.into_iter().enumerate() {
        if index < 4 || c.chance(70) {
            let fact = declare_fact(c, name, ty);
            world.facts.push(fact);
        }
    }
    world.period = ["month", "quarter", "week", "day", "year"][c.weighted(&[8, 1, 1, 1, 1])];
    for name in ["nums", "codes", "loans", "bal", "sums", "days"] {
        if c.chance(50) {
            world.structured.push(name);
        }
    }
    let cut = c.between(0, 60);
    world.parameters.push(("cut", Ty::Integer, cut.to_string()));
    world.parameters.push(("rate", Ty::Decimal(2), quoted(&fixed(c.between(1, 250), 2))));
    world
}

fn declare_fact(c: &mut Choices<'_>, name: &'static str, ty: Ty) -> Fact {
    let unbounded = matches!(name, "big" | "wide");
    let bounds = match ty {
        Ty::Integer | Ty::Decimal(_) if !unbounded && c.chance(60) => {
            let low = [0, 1, -50][c.below(3)];
            Some((low, low + c.between(20, 500)))
        }
        _ => None,
    };
    let optional = c.chance(30);
    let mut special = Vec::new();
    if !unbounded && c.chance(25) {
        special = match ty {
            Ty::Integer => vec![("no_record", "-901".to_owned()), ("closed", "-909".to_owned())],
            Ty::Decimal(scale) => vec![("no_record", quoted(&fixed(-90_001, scale)))],
            Ty::Enum(_) => vec![("unknown", "\"?\"".to_owned())],
            Ty::Date => vec![("never", "1111-11-11".to_owned())],
            _ => Vec::new(),
        };
    }
    let edges = bounds.map_or_else(Vec::new, |(low, high)| vec![low, high]);
    let source = if name == "d1" && c.chance(50) { Some("月收入") } else { None };
    let sensitive = c.chance(15);
    Fact { name, ty, bounds, optional, special, edges, derived: false, source, sensitive }
}

/// The structured facts as TOML.
const STRUCTURED: &[(&str, &str)] = &[
    ("nums", "type = \"list\"\nof = \"integer\"\n"),
    ("codes", "type = \"list\"\nof = \"enum\"\nvalues = [\"deposit\", \"mortgage\", \"card\"]\n"),
    (
        "loans",
        "type = \"list\"\nof = \"record\"\nfields = { balance = { type = \"decimal\", scale = 2 }, due = { type = \"date\" }, days = { type = \"integer\", min = 0 }, kind = { type = \"enum\", values = [\"deposit\", \"mortgage\", \"card\"] }, rate = { type = \"decimal\", scale = 3, optional = true } }\n",
    ),
    ("bal", "type = \"series\"\nof = \"decimal\"\nscale = 2\nperiod = \"PERIOD\"\n"),
    ("sums", "type = \"list\"\nof = \"decimal\"\nscale = 1\n"),
    ("days", "type = \"list\"\nof = \"date\"\n"),
];

/// `[facts.*]` and `[parameters]`.
pub fn write_facts(world: &World) -> String {
    let mut out = String::new();
    for fact in world.facts.iter().filter(|fact| !fact.derived) {
        out += &format!(
            "[facts.{}]\n{}\n",
            fact.name,
            toml_type(fact.ty).replace(", scale", "\nscale").replace(", values", "\nvalues")
        );
        if let Some((low, high)) = fact.bounds {
            let figure = |units: i64| match fact.ty {
                Ty::Decimal(scale) => quoted(&fixed(units, scale)),
                _ => units.to_string(),
            };
            out += &format!("min = {}\nmax = {}\n", figure(low), figure(high));
        }
        if fact.optional {
            out += "optional = true\n";
        }
        if fact.sensitive {
            out += "sensitive = true\n";
        }
        if let Some(source) = fact.source {
            out += &format!("source = {}\n", quoted(source));
        }
        if !fact.special.is_empty() {
            let codes: Vec<String> = fact.special.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            out += &format!("special = {{ {} }}\n", codes.join(", "));
        }
    }
    for (name, text) in STRUCTURED.iter().filter(|(name, _)| world.structured.contains(name)) {
        out += &format!("[facts.{name}]\n{}", text.replace("PERIOD", world.period));
    }
    out += "[parameters]\n";
    for (name, ty, value) in &world.parameters {
        let word = if *ty == Ty::Integer { "integer" } else { "decimal" };
        out += &format!("{name} = {{ type = \"{word}\", value = {value} }}\n");
    }
    out
}
