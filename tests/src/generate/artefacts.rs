//! Scorecards and scales.

use super::expr::Gen;
use super::world::{Artefact, DATES, DOMAINS, Fact, TEXTS, Ty, csv_row, fixed};

impl Gen<'_, '_> {
    /// A reason code, often one that was used before.
    pub fn reason(&mut self) -> String {
        if self.c.chance(15) {
            return String::new();
        }
        let code = format!("C{}", self.c.below(6));
        if !self.world.reasons.contains(&code) {
            self.world.reasons.push(code.clone());
        }
        code
    }

    /// Ascending cut points for a number, in units of its last digit.
    pub fn cuts(&mut self, fact: Option<&Fact>, count: usize) -> Vec<i64> {
        let (low, high) = fact.and_then(|fact| fact.bounds).unwrap_or((-100, 700));
        let mut cuts: Vec<i64> = (0..count).map(|_| self.c.between(low, high)).collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }

    /// A scorecard over some of the facts.
    pub fn scorecard(&mut self) {
        let name = self.world.fresh("card");
        let (integers, scale) = if self.c.chance(60) { (true, 0) } else { (false, 1 + self.c.below(2) as u32) };
        let given = self.c.chance(25);
        let mut rows =
            vec![["characteristic", "lower", "upper", "value", "points", "reason"].map(str::to_owned).to_vec()];
        if given {
            rows[0].push("baseline".to_owned());
        }
        let mut points = Vec::new();
        let facts: Vec<Fact> =
            self.world.facts.iter().filter(|fact| !matches!(fact.name, "big" | "wide")).cloned().collect();
        for fact in facts {
            if rows.len() > 1 && !self.c.chance(45) {
                continue;
            }
            let baseline = fixed(self.c.between(0, 60), scale);
            for (lower, upper, value) in self.bins(&fact) {
                let figure = fixed(self.c.between(-30, 60), scale);
                let mut row = vec![fact.name.to_owned(), lower, upper, value, figure, self.reason()];
                if given {
                    row.push(baseline.clone());
                }
                rows.push(row);
            }
            points.push((format!("points.{}", fact.name), if integers { Ty::Integer } else { Ty::Decimal(scale) }));
        }
        let csv: String = rows.iter().map(|row| csv_row(row)).collect();
        self.world.files.insert(format!("{name}.scorecard.csv"), csv);
        let initial = fixed(self.c.between(-50, 500), scale);
        let initial = if integers { initial } else { format!("\"{initial}\"") };
        let algorithm = self.c.pick(&["points_below", "points_above"]);
        let baseline = if given { "given" } else { self.c.pick(&["max", "min", "mean"]) };
        let zero = self.c.pick(&["drop", "keep"]);
        let most = self.c.between(1, 5);
        let figures =
            if integers { "type = \"integer\"".to_owned() } else { format!("type = \"decimal\", scale = {scale}") };
        self.world.sections += &format!(
            "[scorecards.{name}]\nfile = \"{name}.scorecard.csv\"\ninitial_score = {initial}\npoints = {{ {figures} }}\nreasons = {{ algorithm = \"{algorithm}\", baseline = \"{baseline}\", most = {most}, zero = \"{zero}\" }}\n"
        );
        let variable = format!("its_{name}");
        let ty = if integers { Ty::Integer } else { Ty::Decimal(scale) };
        let mut offers = vec![(format!("{variable}.score"), ty)];
        let chosen = points[self.c.below(points.len())].clone();
        offers.push((format!("{variable}.{}", chosen.0), chosen.1));
        self.world.artefacts.push(Artefact { call: format!("let {variable} = scorecard(\"{name}\", f);"), offers });
    }

    /// Rows of one characteristic: lower, upper, value. Mostly they leave nothing open.
    fn bins(&mut self, fact: &Fact) -> Vec<(String, String, String)> {
        let value = |text: &str| (String::new(), String::new(), text.to_owned());
        let mut rows = Vec::new();
        if fact.optional {
            rows.push(value("MISSING"));
        }
        for (code, _) in &fact.special {
            if self.c.chance(95) {
                rows.push(value(&format!("SPECIAL:{code}")));
            }
        }
        match fact.ty {
            Ty::Integer | Ty::Decimal(_) => rows.extend(self.number_bins(fact)),
            Ty::Date => {
                rows.push((String::new(), "2000-03-01".to_owned(), String::new()));
                rows.push(("2000-03-01".to_owned(), DATES[self.c.below(2)].to_owned(), String::new()));
            }
            Ty::Boolean => rows.extend([value("true"), value("false")]),
            Ty::Text => rows.push(value(&TEXTS[1..4].join("|"))),
            Ty::Enum(domain) => {
                let values = DOMAINS[domain];
                let cut = 1 + self.c.below(values.len() - 1);
                rows.push(value(&values[..cut].join("|")));
                if self.c.chance(60) {
                    rows.push(value(&values[cut..].join("|")));
                }
            }
            Ty::Loan | Ty::Facts => unreachable!("no characteristic"),
        }
        if !matches!(fact.ty, Ty::Boolean) && self.c.chance(92) {
            rows.push(value("ELSE"));
        }
        rows
    }

    fn number_bins(&mut self, fact: &Fact) -> Vec<(String, String, String)> {
        let scale = match fact.ty {
            Ty::Decimal(scale) => scale,
            _ => 0,
        };
        if self.c.chance(12) {
            let (a, b) = (self.c.between(0, 60), self.c.between(0, 60));
            self.world.add_edges(fact.name, &[a, b]);
            let value = if a == b { fixed(a, scale) } else { format!("{}|{}", fixed(a, scale), fixed(b, scale)) };
            return vec![(String::new(), String::new(), value)];
        }
        let count = 1 + self.c.below(4);
        let cuts = self.cuts(Some(fact), count);
        self.world.add_edges(fact.name, &cuts);
        let half = scale == 0 && self.c.chance(15);
        let figure = |units: &i64| if half { format!("{units}.5") } else { fixed(*units, scale) };
        let mut ends = vec!["-inf".to_owned()];
        ends.extend(cuts.iter().map(figure));
        ends.push("inf".to_owned());
        if self.c.chance(20) {
            ends[0] = String::new();
        }
        if self.c.chance(8) {
            ends.pop();
        }
        ends.windows(2).map(|pair| (pair[0].clone(), pair[1].clone(), String::new())).collect()
    }

    /// A rating scale over the score of the last card.
    pub fn scale(&mut self) {
        let Some((score, _)) = self.world.artefacts.last().and_then(|card| card.offers.first()).cloned() else {
            return;
        };
        let name = self.world.fresh("scale");
        let cuts = self.cuts(None, 3);
        let mut ends = vec![if self.c.chance(25) { "0".to_owned() } else { "-inf".to_owned() }];
        ends.extend(cuts.iter().filter(|cut| **cut > 0).map(i64::to_string));
        ends.push(if self.c.chance(15) { "701".to_owned() } else { "inf".to_owned() });
        let mut csv = csv_row(&["from", "to", "grade", "pd"]);
        for (index, pair) in ends.windows(2).enumerate() {
            let pd = fixed(self.c.between(1, 9_999), 4);
            csv += &csv_row(&[pair[0].as_str(), &pair[1], DOMAINS[2][index.min(3)], &pd]);
        }
        self.world.files.insert(format!("{name}.scale.csv"), csv);
        self.world.sections += &format!(
            "[scales.{name}]\nfile = \"{name}.scale.csv\"\noutputs = {{ grade = {{ type = \"enum\", values = {} }}, pd = {{ type = \"decimal\", scale = 6 }} }}\n",
            super::world::values_of(2)
        );
        let variable = format!("its_{name}");
        self.world.artefacts.push(Artefact {
            call: format!("let {variable} = scale(\"{name}\", {score});"),
            offers: vec![(format!("{variable}.grade"), Ty::Enum(2)), (format!("{variable}.pd"), Ty::Decimal(6))],
        });
    }
}
