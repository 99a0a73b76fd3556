//! Facts around the interesting points: edges of bins and cells, one unit either side, ends of domains, missing, special,
//! and now and then something that is no fact at all.

use super::choices::Choices;
use super::expr::some_date;
use super::world::{DOMAINS, Fact, TEXTS, Ty, World, fixed};
use crate::reference::json::quote;

/// One record as JSON text.
pub fn record(c: &mut Choices<'_>, world: &World) -> String {
    let mut members: Vec<(String, String)> = Vec::new();
    for fact in world.facts.iter().filter(|fact| !fact.derived) {
        if fact.optional && c.chance(30) {
            if c.chance(50) {
                members.push((fact.key().to_owned(), "null".to_owned()));
            }
            continue;
        }
        members.push((fact.key().to_owned(), value(c, fact)));
    }
    for name in &world.structured {
        let text = match *name {
            "nums" => list(c, |c| integer(c, None)),
            "codes" => list(c, |c| quote(c.pick(DOMAINS[3]))),
            "loans" => list(c, loan),
            "sums" => list(c, |c| fixed(c.between(-500, 9_000), 1)),
            "days" => list(c, |c| quote(some_date(c))),
            _ => series(c),
        };
        members.push(((*name).to_owned(), text));
    }
    if c.chance(12) {
        return spoilt(c, members);
    }
    object(&members)
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(key, value)| format!("{}: {value}", quote(key))).collect();
    format!("{{{}}}", members.join(", "))
}

fn value(c: &mut Choices<'_>, fact: &Fact) -> String {
    if !fact.special.is_empty() && c.chance(15) {
        let (_, value) = &fact.special[c.below(fact.special.len())];
        return match fact.ty {
            Ty::Date => format!("\"{value}\""),
            _ => value.clone(),
        };
    }
    match fact.ty {
        Ty::Boolean => ["true", "false"][c.below(2)].to_owned(),
        Ty::Integer if fact.name == "big" => big(c),
        Ty::Integer => integer(c, Some(fact)),
        Ty::Decimal(_) if fact.name == "wide" => wide(c),
        Ty::Decimal(scale) => decimal(c, fact, scale),
        Ty::Text => quote(c.pick(TEXTS)),
        Ty::Enum(domain) => quote(c.pick(DOMAINS[domain])),
        Ty::Date => quote(some_date(c)),
        Ty::Loan | Ty::Facts => unreachable!("no scalar"),
    }
}

/// A number in units of its last digit: an edge, one unit either side, or anywhere.
fn units(c: &mut Choices<'_>, fact: Option<&Fact>) -> i64 {
    let anywhere = |c: &mut Choices<'_>| {
        let (low, high) = fact.and_then(|fact| fact.bounds).unwrap_or((-100, 700));
        c.between(low, high)
    };
    match fact {
        Some(fact) if !fact.edges.is_empty() && c.chance(75) => {
            let edge = fact.edges[c.below(fact.edges.len())] + [0, 1, -1][c.below(3)];
            // Outside the domain only as often as other input errors.
            match fact.bounds {
                Some((low, high)) if !c.chance(3) => edge.clamp(low, high),
                _ => edge,
            }
        }
        _ if c.chance(15) => {
            [0, 1, -1][c.below(3)].clamp(fact.and_then(|fact| fact.bounds).map_or(-1, |(low, _)| low.min(1)), 1)
        }
        _ => anywhere(c),
    }
}

fn integer(c: &mut Choices<'_>, fact: Option<&Fact>) -> String {
    let n = units(c, fact);
    match c.below(12) {
        1 => format!("{n}.0"),
        2 if n % 10 == 0 && n != 0 => format!("{}e1", n / 10),
        _ => n.to_string(),
    }
}

fn decimal(c: &mut Choices<'_>, fact: &Fact, scale: u32) -> String {
    let text = fixed(units(c, Some(fact)), scale);
    match c.below(8) {
        1 => quote(&text),
        2 if scale > 0 => format!("{text}0"),
        3 if scale > 0 => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        4 if scale == 0 => format!("{text}.0"),
        _ => text,
    }
}

fn big(c: &mut Choices<'_>) -> String {
    c.pick(&["7", "9223372036854775807", "-9223372036854775808", "3037000500", "0", "-1", "4611686018427387904"])
        .to_owned()
}

fn wide(c: &mut Choices<'_>) -> String {
    c.pick(&[
        "1.5",
        "7922816251426433759.3543950335",
        "\"-7922816251426433759.3543950335\"",
        "0.0000000001",
        "123456789012.0123456789",
        "0",
        "3000000000000000000",
    ])
    .to_owned()
}

fn list(c: &mut Choices<'_>, mut item: impl FnMut(&mut Choices<'_>) -> String) -> String {
    let items: Vec<String> = (0..c.below(5)).map(|_| item(c)).collect();
    format!("[{}]", items.join(", "))
}

fn loan(c: &mut Choices<'_>) -> String {
    let rate = match c.below(3) {
        0 => String::new(),
        1 => ", \"rate\": null".to_owned(),
        _ => format!(", \"rate\": {}", fixed(c.between(0, 900), 3)),
    };
    format!(
        "{{\"balance\": {}, \"due\": {}, \"days\": {}, \"kind\": {}{rate}}}",
        fixed(c.between(0, 60_000), 2),
        quote(some_date(c)),
        c.between(0, 120),
        quote(c.pick(DOMAINS[3]))
    )
}

fn series(c: &mut Choices<'_>) -> String {
    let mut months = vec!["2026-01-31", "2025-12-31", "2026-03-05", "2025-11-01", "2024-02-29"];
    let mut items = Vec::new();
    for _ in 0..c.below(6) {
        let month = months.swap_remove(c.below(months.len()));
        items.push(format!("{{\"date\": \"{month}\", \"value\": {}}}", fixed(c.between(-9_000, 60_000), 2)));
    }
    format!("[{}]", items.join(", "))
}

/// A record with one thing wrong.
fn spoilt(c: &mut Choices<'_>, mut members: Vec<(String, String)>) -> String {
    let at = c.below(members.len());
    let wrong = [
        "\"x\"",
        "true",
        "1.23456789",
        "1e30",
        "[]",
        "{}",
        "99999999999999999999",
        "\"2026-01-31T10:00:00Z\"",
        "\"2026-02-30\"",
        "-1e-3",
        "\"1_000\"",
        "\"+5\"",
        "null",
        "[1.5]",
        "{\"a\":1,\"a\":2}",
        "123456789",
    ];
    match c.below(8) {
        0 => members[at].1 = wrong[c.below(wrong.len())].to_owned(),
        1 => {
            members.remove(at);
        }
        2 => members.push(("monthly_incme".to_owned(), "1".to_owned())),
        3 => {
            let again = members[at].clone();
            members.push(again);
        }
        4 => return object(&members).replacen(':', "", 1),
        5 => return "[1]".to_owned(),
        6 => {
            members[at].1 = wrong[c.below(wrong.len())].to_owned();
            let other = c.below(members.len());
            members[other].1 = wrong[c.below(wrong.len())].to_owned();
        }
        _ => {
            let month = "{\"date\": \"2026-01-31\", \"value\": 1}, {\"date\": \"2026-01-01\", \"value\": 2}";
            match members.iter_mut().find(|(key, _)| key == "bal") {
                Some(series) => series.1 = format!("[{month}]"),
                None => members[at].1 = "\"2026-01-31T10:00:00Z\"".to_owned(),
            }
        }
    }
    object(&members)
}
