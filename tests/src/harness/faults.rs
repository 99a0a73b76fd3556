//! Seeded faults: what a wrong engine would do, made on the engine's side of the comparison only.
//!
//! Most change the sources that the engine sees, which is what a fault in parse, check or compile amounts to; some
//! change the facts it sees (a fault in reading, or memory that survives), some its answer. The harness must find each.

use super::{Files, members};
use crate::reference::Answer;

/// A fault.
#[derive(Clone, Copy)]
pub struct Fault {
    /// What is wrong.
    pub name: &'static str,
    /// Changes the sources; whether anything changed.
    pub files: fn(&mut Files) -> bool,
    /// Changes the facts of a record, knowing those of the one before.
    pub facts: fn(&str, Option<&String>) -> String,
    /// Changes the answer; whether anything changed.
    pub answer: fn(&mut Answer) -> bool,
}

const NONE: Fault = Fault { name: "", files: |_| false, facts: |facts, _| facts.to_owned(), answer: |_| false };

/// No fault, but treated as one: everything is compared.
pub const HEALTHY: Fault = Fault { name: "none", answer: |_| true, ..NONE };

/// All seeded faults.
pub const FAULTS: &[Fault] = &[
    Fault {
        name: "an open end of an interval in a table is closed",
        files: |files| in_csv(files, ".table.csv", close_interval),
        ..NONE
    },
    Fault {
        name: "a bin of a card begins one unit late",
        files: |files| in_csv(files, ".scorecard.csv", late_bin),
        ..NONE
    },
    Fault { name: "`first` takes the last row", files: last_row_first, ..NONE },
    Fault {
        name: "ties between reasons are broken from the end",
        files: |files| in_csv(files, ".scorecard.csv", reverse_characteristics),
        ..NONE
    },
    Fault {
        name: "the zero policy is ignored",
        files: |files| in_toml(files, "zero = \"drop\"", "zero = \"keep\""),
        ..NONE
    },
    Fault {
        name: "the baseline is the mean instead of the maximum",
        files: |files| in_toml(files, "baseline = \"max\"", "baseline = \"mean\""),
        ..NONE
    },
    Fault {
        name: "half_even instead of half_up",
        files: |files| in_script(files, "\"half_up\"", "\"half_even\""),
        ..NONE
    },
    Fault { name: "floor instead of down", files: |files| in_script(files, "\"down\"", "\"floor\""), ..NONE },
    Fault {
        name: "the end of the month is not kept",
        files: |files| in_script(files, ", \"end_of_month\")", ")"),
        ..NONE
    },
    Fault { name: "`<` for `<=`", files: |files| in_script(files, " <= ", " < "), ..NONE },
    Fault { name: "`&&` for `||`", files: |files| in_script(files, ") || (", ") && ("), ..NONE },
    Fault {
        name: "`unique` is not enforced",
        files: |files| in_toml(files, "hit = \"unique\"", "hit = \"first\""),
        ..NONE
    },
    Fault { name: "`any` does not compare", files: |files| in_toml(files, "hit = \"any\"", "hit = \"first\""), ..NONE },
    Fault {
        name: "priorities upside down",
        files: |files| {
            in_toml(
                files,
                "verdict = { type = \"enum\", values = [\"approve\", \"refer\", \"decline\"]",
                "verdict = { type = \"enum\", values = [\"decline\", \"refer\", \"approve\"]",
            )
        },
        ..NONE
    },
    Fault {
        name: "collect takes the least for the greatest",
        files: |files| in_toml(files, "collect(max)", "collect(min)"),
        ..NONE
    },
    Fault {
        name: "a row is in force on its last day",
        files: |files| in_csv(files, ".table.csv", |csv| csv.replace(",2026-11-30\n", ",2026-12-01\n")),
        ..NONE
    },
    Fault { name: "missing is zero", facts: |facts, _| facts.replace(": null", ": 0"), ..NONE },
    Fault { name: "a special code is a value", facts: |facts, _| facts.replace(": -901", ": 1"), ..NONE },
    Fault { name: "a fact survives from the record before", facts: stale, ..NONE },
    Fault { name: "an error is swallowed: nothing matched, nothing said", answer: swallow, ..NONE },
    Fault {
        name: "an error keeps the hits",
        answer: |answer| {
            answer.error.is_some() && {
                answer.hits = "[{}]".to_owned();
                true
            }
        },
        ..NONE
    },
    Fault { name: "the last reason is lost", answer: lose_reason, ..NONE },
    Fault { name: "overflow wraps", answer: wrap, ..NONE },
];

fn change(files: &mut Files, path: &str, with: impl Fn(&str) -> String) -> bool {
    let Some(bytes) = files.get_mut(path) else { return false };
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let new = with(&text);
    let changed = new != text;
    *bytes = new.into_bytes();
    changed
}

fn in_toml(files: &mut Files, from: &str, to: &str) -> bool {
    change(files, "ruleset.toml", |text| text.replace(from, to))
}

fn in_script(files: &mut Files, from: &str, to: &str) -> bool {
    change(files, "rules.rhai", |text| text.replace(from, to))
}

fn in_csv(files: &mut Files, suffix: &str, with: fn(&str) -> String) -> bool {
    let paths: Vec<String> = files.keys().filter(|path| path.ends_with(suffix)).cloned().collect();
    paths.iter().filter(|path| change(files, path, with)).count() > 0
}

/// `[18..65)` becomes `[18..65]`.
fn close_interval(csv: &str) -> String {
    let mut out = String::new();
    let mut within = false;
    for (index, c) in csv.char_indices() {
        within |= csv[index..].starts_with("..");
        within &= c != ',';
        let closes = within && c == ')' && csv[..index].ends_with(|c: char| c.is_ascii_digit());
        out.push(if closes { ']' } else { c });
        within &= c != ')';
    }
    out
}

/// Every finite end of a bin that is an integer moves up by one.
fn late_bin(csv: &str) -> String {
    let row = |line: &str| {
        let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
        for end in fields.iter_mut().take(3).skip(1) {
            if let Ok(n) = end.parse::<i64>() {
                *end = (n + 1).to_string();
            }
        }
        fields.join(",")
    };
    csv.lines().map(|line| row(line) + "\n").collect()
}

/// Rows in reverse where the first that matches wins.
fn last_row_first(files: &mut Files) -> bool {
    let manifest = String::from_utf8(files["ruleset.toml"].clone()).expect("UTF-8");
    let mut changed = false;
    for section in manifest.split("\n[").filter(|section| section.contains("hit = \"first\"")) {
        let path = section.split('"').nth(1).expect("a file").to_owned();
        changed |= change(files, &path, |csv| {
            let mut lines: Vec<&str> = csv.lines().collect();
            lines[1..].reverse();
            lines.iter().map(|line| format!("{line}\n")).collect()
        });
    }
    changed
}

fn reverse_characteristics(csv: &str) -> String {
    let lines: Vec<&str> = csv.lines().collect();
    let name = |line: &&str| line.split(',').next().unwrap_or("").to_owned();
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for line in &lines[1..] {
        match groups.last_mut() {
            Some(group) if name(&group[0]) == name(line) => group.push(line),
            _ => groups.push(vec![line]),
        }
    }
    groups.reverse();
    let rows: String = groups.concat().iter().map(|line| format!("{line}\n")).collect();
    format!("{}\n{rows}", lines[0])
}

/// What this record leaves out is taken from the one before.
fn stale(facts: &str, previous: Option<&String>) -> String {
    let compact = |text: &str| text.replace(": ", ":").replace(", ", ",");
    let (Some(previous), Some(inner)) = (previous, facts.strip_suffix('}')) else { return facts.to_owned() };
    let sound = |text: &str| {
        crate::reference::json::Json::parse(text)
            .is_some_and(|json| json.get("n1").is_some() || json.get("d1").is_some())
    };
    if !sound(facts) || !sound(previous) {
        return facts.to_owned();
    }
    let own = members(&compact(facts));
    let mut out = inner.to_owned();
    for (key, value) in members(&compact(previous)) {
        if !own.iter().any(|(other, _)| *other == key) {
            out += &format!(", \"{key}\": {value}");
        }
    }
    out + "}"
}

fn swallow(answer: &mut Answer) -> bool {
    let swallowed = answer.error.as_ref().is_some_and(|failure| failure.code.number() >= 4000);
    if swallowed {
        answer.error = None;
    }
    swallowed
}

fn lose_reason(answer: &mut Answer) -> bool {
    match answer.reasons.rfind(",{\"code\"") {
        Some(at) => {
            answer.reasons.truncate(at);
            answer.reasons.push(']');
            true
        }
        None => false,
    }
}

fn wrap(answer: &mut Answer) -> bool {
    let overflow = answer.error.as_ref().is_some_and(|failure| failure.code.number() == 4001);
    if overflow {
        answer.error = None;
        answer.outputs = "{\"level\":-9223372036854775808}".to_owned();
    }
    overflow
}
