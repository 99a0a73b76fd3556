//! What a host answered beside what the engine answers: byte for byte, but for the engine's version.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::entry::{Answer, Entry};

/// What a comparison counted and found.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Answers that were compared.
    pub answers: usize,
    /// Decisions in them, the lines of batches included, entered as bytes.
    pub decisions: usize,
    /// Decisions entered in columns.
    pub columns: usize,
    /// Of all these, decisions out of bundles: by the runtime module.
    pub runtime: usize,
    /// Decisions entered through the host's typed interface.
    pub typed: usize,
    /// Decisions that could not be entered there, by reason.
    pub untyped: BTreeMap<String, usize>,
    /// What differs, in words: first the id.
    pub differences: Vec<String>,
}

impl Tally {
    /// Decisions that could not be entered through the typed interface.
    pub fn untyped(&self) -> usize {
        self.untyped.values().sum()
    }

    /// Both together.
    pub fn plus(mut self, other: Self) -> Self {
        self.answers += other.answers;
        self.decisions += other.decisions;
        self.columns += other.columns;
        self.runtime += other.runtime;
        self.typed += other.typed;
        for (why, count) in other.untyped {
            *self.untyped.entry(why).or_default() += count;
        }
        self.differences.extend(other.differences);
        self
    }

    fn differ(&mut self, id: &str, what: impl AsRef<str>) {
        self.differences.push(format!("{id}: {}", what.as_ref()));
    }
}

/// Of a hundred decisions, so many may have no typed form.
pub const UNTYPED_PERCENT_MAX: usize = 10;

/// Compares the answers of a host with those of the engine.
pub fn compare(entries: &[Entry], native: &[Answer], host: &[Answer]) -> Tally {
    let mut tally = Tally::default();
    let asked: Vec<&Entry> = entries.iter().filter(|entry| entry.id().is_some()).collect();
    completeness(&asked, native, host, &mut tally);
    let by_id: BTreeMap<&str, &Answer> = host.iter().map(|answer| (answer.id.as_str(), answer)).collect();
    for (entry, expected) in asked.iter().zip(native) {
        if let Some(answer) = by_id.get(expected.id.as_str()) {
            judge(entry, expected, answer, &mut tally);
        }
    }
    tally.runtime =
        of_the_runtime(entries).filter(|(id, _)| by_id.contains_key(id)).map(|(_, decisions)| decisions).sum();
    if tally.untyped() * 100 > tally.decisions * UNTYPED_PERCENT_MAX {
        let (untyped, of) = (tally.untyped(), tally.decisions);
        tally.differ("typed", format!("{untyped} of {of} decisions have no typed form"));
    }
    tally
}

/// Every case is answered once, in its turn, and nothing else is.
fn completeness(asked: &[&Entry], native: &[Answer], host: &[Answer], tally: &mut Tally) {
    let ids = |answers: &[Answer]| answers.iter().map(|answer| answer.id.clone()).collect::<Vec<_>>();
    let wanted: Vec<String> = asked.iter().filter_map(|entry| entry.id()).map(str::to_owned).collect();
    assert_eq!(wanted, ids(native), "the engine answers every case, in order");
    let (found, known) = (ids(host), wanted.iter().collect::<BTreeSet<_>>());
    assert_eq!(wanted.len(), known.len(), "ids are unique");
    let answered: BTreeSet<&String> = found.iter().collect();
    wanted.iter().filter(|id| !answered.contains(id)).for_each(|id| tally.differ(id, "no answer"));
    let mut seen = BTreeSet::new();
    for id in &found {
        if !known.contains(id) {
            tally.differ(id, "nobody asked");
        } else if !seen.insert(id) {
            tally.differ(id, "a second answer");
        }
    }
    if tally.differences.is_empty() && wanted != found {
        let first = wanted.iter().zip(&found).find(|(wanted, found)| wanted != found);
        tally.differ(first.map_or("", |(wanted, _)| wanted.as_str()), "answered out of turn");
    }
}

/// The decisions that the runtime module makes: those of rulesets out of trusted bundles.
fn of_the_runtime(entries: &[Entry]) -> impl Iterator<Item = (&str, usize)> {
    let mut packed = BTreeSet::new();
    entries.iter().filter_map(move |entry| {
        match entry {
            Entry::Bundle { ruleset, trust: Some(_), .. } => drop(packed.insert(ruleset.as_str())),
            Entry::Ruleset { ruleset, .. } | Entry::Bundle { ruleset, .. } => drop(packed.remove(ruleset.as_str())),
            _ => {}
        }
        Some((entry.id()?, entry.decisions() + entry.in_columns()))
            .filter(|_| entry.ruleset().is_some_and(|name| packed.contains(name)))
    })
}

fn judge(entry: &Entry, expected: &Answer, answer: &Answer, tally: &mut Tally) {
    let id = &expected.id;
    tally.answers += 1;
    tally.decisions += entry.decisions();
    tally.columns += entry.in_columns();
    if comparable(&answer.bytes) != comparable(&expected.bytes) {
        tally.differ(id, differing("bytes", &comparable(&expected.bytes), &comparable(&answer.bytes)));
    }
    if entry.decisions() == 0 {
        // Nobody must have one; who makes an explanation again out of what his types give answers that.
        if let Some(typed) = answer.typed.as_ref().filter(|typed| comparable(typed) != comparable(&expected.bytes)) {
            tally.differ(id, differing("typed", &comparable(&expected.bytes), &comparable(typed)));
        }
        return;
    }
    match (&answer.typed, &answer.why) {
        (Some(typed), None) => {
            tally.typed += entry.decisions();
            let canonical = expected.typed.as_ref().unwrap_or(&expected.bytes);
            if comparable(typed) != comparable(&expected.bytes) && comparable(typed) != comparable(canonical) {
                tally.differ(id, differing("typed", &comparable(canonical), &comparable(typed)));
            }
        }
        (None, Some(why)) => *tally.untyped.entry(why.clone()).or_default() += entry.decisions(),
        (Some(_), Some(_)) => tally.differ(id, "a typed answer, and a reason why there is none"),
        (None, None) => tally.differ(id, "no typed answer, and no reason why"),
    }
}

/// Without the engine's version, in every record of an answer.
fn comparable(answer: &str) -> String {
    const BEFORE: &str = "\"},\"engine\":\"";
    let mut kept = String::with_capacity(answer.len());
    for line in answer.split_inclusive('\n') {
        let (head, tail) = match line.split_once(BEFORE) {
            Some((head, tail)) if line.starts_with("{\"ruleset\":{\"id\":\"") => (head, tail),
            _ => {
                kept.push_str(line);
                continue;
            }
        };
        kept.push_str(head);
        kept.push_str("\"}");
        kept.push_str(tail.split_once('"').map_or("", |(_, rest)| rest));
    }
    kept
}

/// Where two texts part.
fn differing(what: &str, expected: &str, found: &str) -> String {
    let same = expected.chars().zip(found.chars()).take_while(|(one, other)| one == other).count();
    let excerpt = |text: &str| text.chars().skip(same.saturating_sub(60)).take(200).collect::<String>();
    format!("{what} differ at character {same}\n    native: {}\n    host:   {}", excerpt(expected), excerpt(found))
}

#[cfg(test)]
mod tests {
    use super::{Tally, comparable, compare};
    use crate::entry::{Answer, Entry};

    fn case(id: &str) -> Entry {
        let text = |text: &str| text.to_owned();
        Entry::Case {
            case: text(id),
            ruleset: text("r"),
            as_of: text("2026-11-30"),
            facts: text("{}"),
            trace: text("none"),
        }
    }

    fn record(engine: &str, score: i64) -> String {
        format!(
            "{{\"ruleset\":{{\"id\":\"a\",\"version\":\"1\",\"digest\":\"sha256:0\"}},\"engine\":\"{engine}\",\"as_of\":\"2026-11-30\",\"outputs\":{{\"score\":{score}}}}}"
        )
    }

    fn answer(id: &str, engine: &str, score: i64) -> Answer {
        let text = record(engine, score);
        Answer { id: id.to_owned(), bytes: text.clone(), typed: Some(text), why: None }
    }

    /// Three cases, and the answers of another version of the engine after `damage`.
    fn after(damage: impl FnOnce(&mut Vec<Answer>)) -> Tally {
        let entries = [case("a"), case("b"), case("c")];
        let native = [answer("a", "0.1.0", 1), answer("b", "0.1.0", 2), answer("c", "0.1.0", 3)];
        let mut host = vec![answer("a", "0.10.0", 1), answer("b", "0.10.0", 2), answer("c", "0.10.0", 3)];
        damage(&mut host);
        compare(&entries, &native, &host)
    }

    #[test]
    fn the_same_answers_do_not_differ() {
        let tally = after(|_| {});
        assert_eq!(tally, Tally { answers: 3, decisions: 3, typed: 3, ..Tally::default() });
    }

    /// The comparison can fail: whatever is wrong with the answers of a host is found, once.
    #[test]
    fn every_wrong_answer_is_found() {
        type Damage = fn(&mut Vec<Answer>);
        let damages: [(Damage, &str); 14] = [
            (|host| host[1].bytes = record("0.10.0", 7), "b: bytes differ"),
            (|host| host[1].typed = Some(record("0.10.0", 7)), "b: typed differ"),
            (|host| host[2].bytes.push('\n'), "c: bytes differ"),
            (|host| host[2].bytes.clear(), "c: bytes differ"),
            (|host| host[0].bytes.insert(0, ' '), "a: bytes differ"),
            (|host| host[0].bytes = host[0].bytes.replace("\"as_of\":\"2026-11-30\",", ""), "a: bytes differ"),
            (|host| host[0].bytes = host[0].bytes.replace("\"score\":1", "\"score\":\"1\""), "a: bytes differ"),
            (|host| host[0].typed = None, "a: no typed answer, and no reason why"),
            (|host| host[0].why = Some("lossy".to_owned()), "a: a typed answer, and a reason why there is none"),
            (|host| drop(host.remove(1)), "b: no answer"),
            (|host| drop(host.pop()), "c: no answer"),
            (|host| host.swap(0, 1), "a: answered out of turn"),
            (|host| host.push(answer("d", "0.10.0", 4)), "d: nobody asked"),
            (|host| host.push(answer("a", "0.10.0", 1)), "a: a second answer"),
        ];
        for (damage, expected) in damages {
            let found = after(damage).differences;
            assert_eq!(found.len(), 1, "{expected}: {found:?}");
            assert!(found[0].starts_with(expected), "{expected}: {found:?}");
        }
    }

    /// A call may have a typed answer, an explanation; then it is the same.
    #[test]
    fn a_wrong_typed_explanation_is_found() {
        let text = |text: &str| text.to_owned();
        let entries = [Entry::Call { call: text("e"), verb: 7, request: text("{}"), ruleset: None }];
        let answered = |typed: Option<&str>| {
            let host = Answer { id: text("e"), bytes: text("{\"ok\":{}}"), typed: typed.map(text), why: None };
            compare(&entries, &[Answer { typed: None, ..host.clone() }], &[host]).differences
        };
        assert_eq!(answered(None), [""; 0]);
        assert_eq!(answered(Some("{\"ok\":{}}")), [""; 0]);
        assert!(answered(Some("{\"ok\":[]}"))[0].starts_with("e: typed differ"));
    }

    #[test]
    fn tallies_are_added_up() {
        let one = after(|host| (host[1].typed, host[1].why) = (None, Some("lossy".to_owned())));
        let sum = one.clone().plus(one);
        assert_eq!((sum.answers, sum.decisions, sum.typed, sum.untyped(), sum.differences.len()), (6, 6, 4, 2, 2));
    }

    #[test]
    fn answers_under_each_others_ids_are_found() {
        let tally = after(|host| {
            host.swap(0, 1);
            let (one, other) = (host[0].id.clone(), host[1].id.clone());
            (host[0].id, host[1].id) = (other, one);
        });
        assert_eq!(tally.differences.len(), 4, "bytes and typed, of both: {:?}", tally.differences);
    }

    #[test]
    fn a_host_that_enters_too_little_through_its_types_is_found() {
        let tally = after(|host| (host[1].typed, host[1].why) = (None, Some("lossy".to_owned())));
        assert_eq!(tally.untyped(), 1);
        assert_eq!(tally.differences, ["typed: 1 of 3 decisions have no typed form"]);
    }

    /// What is loaded out of a trusted bundle is the runtime module's, until its name stands for something else.
    #[test]
    fn decisions_of_the_runtime_module_are_counted() {
        let bundle = |trust| Entry::Bundle { ruleset: "r".to_owned(), bundle: String::new(), trust, module: None };
        let columns = Entry::Columns {
            columns: "b".to_owned(),
            ruleset: "r".to_owned(),
            header: String::new(),
            body: String::new(),
            rows: 5,
        };
        let entries = [bundle(Some(serde_json::json!({}))), case("a"), columns, bundle(None), case("c")];
        let native = [answer("a", "0.1.0", 1), answer("b", "0.1.0", 2), answer("c", "0.1.0", 3)];
        let tally = compare(&entries, &native, &native);
        assert_eq!((tally.decisions, tally.typed, tally.columns, tally.runtime), (2, 2, 5, 6));
        let tally = compare(&entries, &native, &native[1..]);
        assert_eq!(tally.runtime, 5, "no answer, no decision");
    }

    #[test]
    fn only_the_version_of_the_engine_is_left_out() {
        assert_eq!(comparable(&record("0.1.0", 1)), comparable(&record("12.0.0-rc.1", 1)));
        assert_ne!(comparable(&record("0.1.0", 1)), comparable(&record("0.1.0", 2)));
        let two = |engine: &str| format!("{}\n{}\n", record(engine, 1), record(engine, 2));
        assert_eq!(comparable(&two("1")), comparable(&two("2")));
        assert_eq!(comparable("{\"ok\":{},\"engine\":\"1\"}"), "{\"ok\":{},\"engine\":\"1\"}");
    }
}
