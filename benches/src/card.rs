//! A scorecard of 20 characteristics: 17 numeric ones with 6 attributes, 3 categorical ones with 4.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::{Files, Random};

/// Numeric characteristics `n00`..`n16`.
pub const NUMERIC: usize = 17;
/// Categorical characteristics `c0`..`c2`.
pub const CATEGORICAL: usize = 3;
/// Reasons given at most.
pub const MOST: usize = 4;
const CUTS: [i64; 5] = [1_250, 2_500, 4_075, 6_000, 8_150];
const CATEGORIES: [&str; 4] = ["a", "b", "c", "d"];

/// Points of the attribute `bin` of characteristic `index`.
#[must_use]
pub fn points(index: usize, bin: usize) -> i64 {
    let (index, bin) = (i64::try_from(index).unwrap_or(0), i64::try_from(bin).unwrap_or(0));
    (index * 7 + bin * (11 + index % 5)) % 61 - 17
}

fn cut(index: usize, bin: usize) -> Decimal {
    Decimal::new(CUTS[bin] + i64::try_from(index).unwrap_or(0) * 13, 2)
}

/// The card as a ruleset.
#[must_use]
pub fn files() -> Files {
    let mut manifest = String::from(
        "language = 1\nid = \"bench-card\"\nversion = \"1.0.0\"\n[outputs]\nscore = { type = \"integer\" }\n[scorecards.card]\n\
         file = \"card.scorecard.csv\"\ninitial_score = 400\nreasons = { algorithm = \"points_below\", baseline = \"max\", most = 4, zero = \"drop\" }\n",
    );
    let mut card = String::from("characteristic,lower,upper,value,points,reason\n");
    let mut reasons = String::from("code,en,zh-CN\n");
    for index in 0..NUMERIC {
        let _ = write!(manifest, "[facts.n{index:02}]\ntype = \"decimal\"\nscale = 2\nmin = 0\nmax = 100\n");
        let _ = writeln!(reasons, "N{index:02},Figure {index},指标{index}");
        for bin in 0..=CUTS.len() {
            let lower = if bin == 0 { "-inf".to_owned() } else { cut(index, bin - 1).to_string() };
            let upper = if bin == CUTS.len() { "inf".to_owned() } else { cut(index, bin).to_string() };
            let _ = writeln!(card, "n{index:02},{lower},{upper},,{},N{index:02}", points(index, bin));
        }
    }
    for index in 0..CATEGORICAL {
        let _ = write!(manifest, "[facts.c{index}]\ntype = \"enum\"\nvalues = [\"a\", \"b\", \"c\", \"d\"]\n");
        let _ = writeln!(reasons, "C{index},Class {index},类别{index}");
        for (bin, category) in CATEGORIES.iter().enumerate() {
            let _ = writeln!(card, "c{index},,,{category},{},C{index}", points(NUMERIC + index, bin));
        }
    }
    let rules = "fn decide(f, hits) {\n    let card = scorecard(\"card\", f);\n    #{ score: card.score }\n}\n";
    [
        ("ruleset.toml", manifest),
        ("card.scorecard.csv", card),
        ("reasons.csv", reasons),
        ("rules.rhai", rules.to_owned()),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .collect()
}

/// One applicant as hand-written code would hold it.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// Numeric characteristics.
    pub numbers: [Decimal; NUMERIC],
    /// Categorical characteristics, by index.
    pub categories: [u8; CATEGORICAL],
}

/// `count` applicants.
#[must_use]
pub fn applicants(count: usize) -> Vec<Applicant> {
    let mut random = Random::new(7);
    (0..count)
        .map(|_| Applicant {
            numbers: std::array::from_fn(|_| Decimal::new(i64::try_from(random.below(10_000)).unwrap_or(0), 2)),
            categories: std::array::from_fn(|_| u8::try_from(random.below(4)).unwrap_or(0)),
        })
        .collect()
}

/// An applicant as JSON facts.
#[must_use]
pub fn facts(applicant: &Applicant) -> String {
    let mut text = String::from("{");
    for (index, number) in applicant.numbers.iter().enumerate() {
        let _ = write!(text, "\"n{index:02}\":\"{number}\",");
    }
    for (index, category) in applicant.categories.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\"c{index}\":\"{}\"", CATEGORIES[usize::from(*category)]);
    }
    text.push('}');
    text
}

/// One attribute of the hand-written card.
#[derive(Clone, Copy, Debug)]
struct Bin {
    upper: Decimal,
    points: Decimal,
}

/// The card by hand: `rust_decimal` throughout, a linear scan per characteristic, reasons ranked without allocation.
#[derive(Clone, Debug)]
pub struct HandWritten {
    initial: Decimal,
    numeric: [[Bin; CUTS.len() + 1]; NUMERIC],
    categorical: [[Decimal; CATEGORIES.len()]; CATEGORICAL],
    baseline: [Decimal; NUMERIC + CATEGORICAL],
}

impl Default for HandWritten {
    fn default() -> Self {
        let numeric = std::array::from_fn(|index| {
            std::array::from_fn(|bin| Bin {
                upper: if bin == CUTS.len() { Decimal::MAX } else { cut(index, bin) },
                points: Decimal::from(points(index, bin)),
            })
        });
        let categorical =
            std::array::from_fn(|index| std::array::from_fn(|bin| Decimal::from(points(NUMERIC + index, bin))));
        let baseline = std::array::from_fn(|index| {
            let bins = if index < NUMERIC { CUTS.len() + 1 } else { CATEGORIES.len() };
            Decimal::from((0..bins).map(|bin| points(index, bin)).max().unwrap_or(0))
        });
        Self { initial: Decimal::from(400), numeric, categorical, baseline }
    }
}

/// A score and its ranked reasons: index of the characteristic and points below the baseline.
pub type Scored = (Decimal, [(u8, Decimal); MOST], usize);

impl HandWritten {
    /// Scores one applicant.
    #[must_use]
    pub fn score(&self, applicant: &Applicant) -> Scored {
        let mut score = self.initial;
        let mut reasons = [(0_u8, Decimal::ZERO); MOST];
        let mut len = 0;
        for (index, bins) in self.numeric.iter().enumerate() {
            let value = applicant.numbers[index];
            if let Some(bin) = bins.iter().find(|bin| value < bin.upper) {
                score += bin.points;
                rank(&mut reasons, &mut len, index, self.baseline[index] - bin.points);
            }
        }
        for (index, points) in self.categorical.iter().enumerate() {
            let points = points[usize::from(applicant.categories[index])];
            score += points;
            rank(&mut reasons, &mut len, NUMERIC + index, self.baseline[NUMERIC + index] - points);
        }
        (score, reasons, len)
    }
}

/// Keeps the greatest differences, first come first among equals; nothing lost is no reason.
fn rank(reasons: &mut [(u8, Decimal); MOST], len: &mut usize, index: usize, difference: Decimal) {
    if difference <= Decimal::ZERO {
        return;
    }
    let place = reasons[..*len].iter().position(|(_, kept)| *kept < difference).unwrap_or(*len);
    if place == MOST {
        return;
    }
    *len = (*len + 1).min(MOST);
    reasons.copy_within(place..*len - 1, place + 1);
    reasons[place] = (u8::try_from(index).unwrap_or(0), difference);
}

/// The card in plain Rhai, its fastest interpreted form: facts as scope variables, `else if` chains and `switch`.
/// It gives the score only; reasons would cost it more.
#[must_use]
pub fn rhai_script() -> String {
    let mut text = String::from("let score = 400;\n");
    for index in 0..NUMERIC {
        for bin in 0..=CUTS.len() {
            let head = if bin == 0 { "" } else { " else " };
            if bin == CUTS.len() {
                let _ = writeln!(text, "{head}{{ score += {}; }}", points(index, bin));
            } else {
                let _ =
                    write!(text, "{head}if n{index:02} < {} {{ score += {}; }}", cut(index, bin), points(index, bin));
            }
        }
    }
    for index in 0..CATEGORICAL {
        let _ = write!(text, "switch c{index} {{ ");
        for (bin, category) in CATEGORIES.iter().enumerate() {
            let _ = write!(text, "\"{category}\" => score += {}, ", points(NUMERIC + index, bin));
        }
        text.push_str("}\n");
    }
    text.push_str("score\n");
    text
}

/// The scope of [`rhai_script`] for one applicant.
#[must_use]
pub fn rhai_scope(applicant: &Applicant) -> rhai::Scope<'static> {
    let mut scope = rhai::Scope::new();
    for (index, number) in applicant.numbers.iter().enumerate() {
        scope.push_constant(format!("n{index:02}"), *number);
    }
    for (index, category) in applicant.categories.iter().enumerate() {
        scope.push_constant(format!("c{index}"), CATEGORIES[usize::from(*category)].to_owned());
    }
    scope
}
