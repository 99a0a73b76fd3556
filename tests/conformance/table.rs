//! What was compared, for people.

use std::fmt::Write as _;

use crate::compare::Tally;

/// The table of hosts as the README shows it.
pub fn markdown(rows: &[(String, Tally)]) -> String {
    let mut out = String::from(
        "| Host | Answers compared | Decisions entered as bytes | through the typed interface | not expressible there | in columns | of all these out of bundles, by the runtime module | Differences |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for (host, tally) in rows {
        let Tally { answers, decisions, typed, columns, runtime, differences, .. } = tally;
        let counts = [*answers, *decisions, *typed, tally.untyped(), *columns, *runtime, differences.len()];
        let mut figures = counts.map(grouped);
        if *runtime == 0 {
            figures[5] = "–".to_owned();
        }
        let _ = writeln!(out, "| {host} | {} |", figures.join(" | "));
    }
    out
}

/// Why decisions were not entered through types, and the first differences.
pub fn details(rows: &[(String, Tally)]) -> String {
    const SHOWN: usize = 20;
    let mut out = String::new();
    for (host, tally) in rows {
        for (why, count) in &tally.untyped {
            let _ = writeln!(out, "{host}: {} without a typed form: {why}", grouped(*count));
        }
        for difference in tally.differences.iter().take(SHOWN) {
            let _ = writeln!(out, "{host}: {difference}");
        }
        if let Some(more) = tally.differences.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(out, "{host}: and {more} more");
        }
    }
    out
}

/// `1,234,567`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{details, markdown};
    use crate::compare::Tally;

    #[test]
    fn a_row_per_host() {
        let mut tally =
            Tally { answers: 1234, decisions: 1_000_000, typed: 999, columns: 70, runtime: 12, ..Tally::default() };
        tally.untyped.insert("lossy".to_owned(), 7);
        tally.differences.push("a: bytes differ".to_owned());
        let rows = [("Node".to_owned(), tally)];
        assert_eq!(markdown(&rows).lines().nth(2), Some("| Node | 1,234 | 1,000,000 | 999 | 7 | 70 | 12 | 1 |"));
        let engine = [("Native".to_owned(), Tally { answers: 1, decisions: 1, ..Tally::default() })];
        assert_eq!(markdown(&engine).lines().nth(2), Some("| Native | 1 | 1 | 0 | 0 | 0 | – | 0 |"));
        assert_eq!(details(&rows), "Node: 7 without a typed form: lossy\nNode: a: bytes differ\n");
    }
}
