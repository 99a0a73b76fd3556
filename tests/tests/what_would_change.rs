//! "What would change it" against trying everything: small domains whole, large ones by samples.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand; its report is for people"
)]

use std::collections::{BTreeMap, BTreeSet};

use trutina_engine::decision::changes::{Change, ChangedFact, Changes, ChangesStatus};
use trutina_engine::decision::{TraceLevel, TraceValue};
use trutina_engine::engine::Decider;
use trutina_engine::program::Program;
use trutina_engine::schema::DataType;
use trutina_engine::value::Value;
use trutina_engine::value::decimal::canonical_text;
use trutina_engine::value::slot::Slot;
use trutina_tests::generate::actions::{Act, Small, small};
use trutina_tests::generate::{Case, from_seed};
use trutina_tests::harness::{corpus, date, load};
use trutina_tests::reference::json::Json;

const AS_OF: &str = "2026-11-30";

fn cases() -> u64 {
    std::env::var("TRUTINA_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000) / 40
}

/// Facts as JSON, by index of each value.
fn json(small: &Small, record: &[Option<usize>]) -> String {
    let present = small.facts.iter().zip(record).filter_map(|(fact, value)| Some((fact, (*value)?)));
    let members: Vec<String> =
        present.map(|(fact, value)| format!("\"{}\":{}", fact.name, fact.values[value])).collect();
    format!("{{{}}}", members.join(","))
}

/// The outcome's index; nothing after an error.
fn outcome(decider: &mut Decider<'_>, facts: &str) -> Option<u16> {
    let decision = decider.decide_json(facts.as_bytes(), date(AS_OF), TraceLevel::None);
    match decider.outcome().outputs.first() {
        Some(Slot::Enum(outcome)) if decision.error.is_none() => Some(*outcome),
        _ => None,
    }
}

/// A value as the generator writes it.
fn written(program: &Program, fact: usize, value: &TraceValue) -> String {
    let TraceValue::Shown(value) = value else { panic!("masked") };
    match (value, &program.facts[fact].spec.data_type) {
        (Value::Decimal(number), DataType::Decimal { scale }) => {
            format!("\"{}\"", canonical_text(*number, (*scale).into()))
        }
        (Value::Text(text), _) => format!("\"{text}\""),
        (Value::Date(day), _) => format!("\"{day}\""),
        (Value::Integer(number), _) => number.to_string(),
        (Value::Boolean(truth), _) => truth.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Changes as `(fact, new value)` with the outcome.
type Listed = BTreeSet<(Vec<(usize, usize)>, String)>;

fn listed(small: &Small, program: &Program, record: &[Option<usize>], changes: &[Change]) -> Listed {
    let place = |fact: usize, value: &TraceValue| {
        let text = written(program, fact, value);
        small.facts[fact].values.iter().position(|value| *value == text).expect("a value of the domain")
    };
    let steps = |change: &Change| {
        let steps = change.facts.iter().map(|step| {
            assert_eq!(Some(place(step.fact, &step.from)), record[step.fact]);
            (step.fact, place(step.fact, &step.to))
        });
        (steps.collect(), change.outcome.clone())
    };
    changes.iter().map(steps).collect()
}

/// The ways a fact may move from a value: per way, its values, nearest first.
fn ways(fact: &Act, now: usize) -> Vec<Vec<usize>> {
    if fact.category {
        return (0..fact.values.len()).filter(|value| *value != now).map(|value| vec![value]).collect();
    }
    let down: Vec<usize> = (0..now).rev().collect();
    let up: Vec<usize> = (now + 1..fact.values.len()).collect();
    match fact.actionable {
        Some("increase") => vec![up],
        Some("decrease") => vec![down],
        Some(_) => vec![down, up],
        None => Vec::new(),
    }
}

/// How far a value is from the present one.
fn far(fact: &Act, now: usize, value: usize) -> usize {
    if fact.category { 1 } else { value.abs_diff(now) }
}

/// The distances of a change.
fn distances(small: &Small, record: &[Option<usize>], steps: &[(usize, usize)]) -> Vec<usize> {
    steps.iter().map(|(fact, value)| far(&small.facts[*fact], record[*fact].unwrap(), *value)).collect()
}

const OUTCOMES: [&str; 3] = ["approve", "refer", "decline"];

/// How many pairs of distances are listed of two facts.
const MOST_LISTED: usize = 8;

struct Oracle {
    single: Listed,
    pairs: Listed,
    /// Pairs of distances by facts.
    distances: BTreeMap<Vec<usize>, BTreeSet<Vec<usize>>>,
    /// Some facts have more than are listed.
    long: bool,
}

/// Tries every value of every fact, and every pair of values that no better outcome with less change rules out.
fn try_everything(small: &Small, decider: &mut Decider<'_>, record: &[Option<usize>], now: u16) -> Oracle {
    let mut better = |steps: &[(usize, usize)]| {
        let mut changed = record.to_vec();
        steps.iter().for_each(|(fact, value)| changed[*fact] = Some(*value));
        outcome(decider, &json(small, &changed)).filter(|then| *then < now)
    };
    let named = |then: u16| OUTCOMES[usize::from(then)].to_owned();
    let mut oracle = Oracle { single: Listed::new(), pairs: Listed::new(), distances: BTreeMap::new(), long: false };
    // Facts, the values that each may take, and the distances at which it is enough alone.
    let mut facts = Vec::new();
    for (index, fact) in small.facts.iter().enumerate() {
        let Some(now) = record[index] else { continue };
        let values: Vec<usize> = ways(fact, now).concat();
        let found: Vec<_> = values
            .iter()
            .filter_map(|value| Some((far(fact, now, *value), *value, better(&[(index, *value)])?)))
            .collect();
        let least = found.iter().map(|(distance, _, _)| *distance).min();
        for (_, value, then) in found.iter().filter(|(distance, _, _)| Some(*distance) == least) {
            oracle.single.insert((vec![(index, *value)], named(*then)));
        }
        facts.push((index, values, least));
    }
    for (place, (first, values, enough)) in facts.iter().enumerate() {
        for (second, others, enough_too) in &facts[place + 1..] {
            let pairs = values.iter().flat_map(|one| others.iter().map(|other| [(*first, *one), (*second, *other)]));
            let mut pairs: Vec<_> = pairs.map(|steps| (distances(small, record, &steps), steps)).collect();
            // Whoever needs less in one and no more in the other stands before.
            pairs.sort_by_key(|(distances, _)| distances.iter().sum::<usize>());
            let mut enough: BTreeSet<Vec<usize>> =
                enough.iter().map(|x| vec![*x, 0]).chain(enough_too.iter().map(|y| vec![0, *y])).collect();
            let alone = enough.clone();
            for (far, steps) in pairs {
                if enough.iter().any(|less| *less != far && less[0] <= far[0] && less[1] <= far[1]) {
                    continue;
                }
                if let Some(then) = better(&steps) {
                    oracle.pairs.insert((steps.to_vec(), named(then)));
                    enough.insert(far);
                }
            }
            let least: BTreeSet<_> = enough.difference(&alone).cloned().collect();
            oracle.long |= least.len() > MOST_LISTED;
            oracle.distances.insert(vec![*first, *second], least);
        }
    }
    oracle
}

#[test]
fn small_domains_are_searched_as_if_everything_were_tried() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut loaded = 0;
    let (mut pairs, mut beside) = (0, 0);
    for seed in 0..cases() {
        let small = small(seed);
        let Ok(program) = load(&small.files) else { continue };
        loaded += 1;
        let mut decider = Decider::new(&program);
        for record in &small.records {
            let facts = json(&small, record);
            let changes = decider.changes_json(facts.as_bytes(), date(AS_OF));
            *seen.entry(changes.status.name()).or_default() += 1;
            let now = outcome(&mut decider, &facts);
            let context = || {
                format!("seed {seed}: {facts}\n{changes:#?}\n{}", String::from_utf8_lossy(&small.files["rules.rhai"]))
            };
            match now {
                None => assert_eq!(changes.status, ChangesStatus::NotDecided, "{}", context()),
                Some(0) => assert_eq!(changes.status, ChangesStatus::BestAlready, "{}", context()),
                Some(now) => {
                    let oracle = try_everything(&small, &mut decider, record, now);
                    pairs += oracle.pairs.len();
                    let alone = |(fact, _): &(usize, usize)| oracle.single.iter().any(|(steps, _)| steps[0].0 == *fact);
                    beside += oracle.pairs.iter().filter(|(steps, _)| steps.iter().any(alone)).count();
                    compare(&small, &program, record, &changes, &oracle, &context);
                }
            }
        }
    }
    println!("{loaded} of {} rulesets load; {seen:?}; {pairs} pairs, {beside} of a fact that is enough alone", cases());
    assert!(loaded * 10 >= cases() * 9, "{loaded} rulesets load");
    for status in ["best_already", "found", "nothing_would", "none_found", "not_decided"] {
        assert!(seen.contains_key(status), "{status} was never reached: {seen:?}");
    }
    assert!(pairs >= 5 && beside >= 5, "{pairs} pairs, {beside} of a fact that is enough alone");
}

/// More least pairs than are listed: both ways of a number, categories of which two are as near and as good.
#[test]
fn of_many_pairs_as_many_are_listed_as_are_promised() {
    let manifest = "language = 1\nid = \"long\"\nversion = \"1.0.0\"\ntitle = { en = \"Long\" }\n\
        [facts.a]\ntype = \"integer\"\nmin = 0\nmax = 30\nactionable = \"increase\"\n\
        [facts.b]\ntype = \"integer\"\nmin = 0\nmax = 30\nactionable = \"any\"\n\
        [facts.c]\ntype = \"enum\"\nvalues = [\"c0\", \"c1\", \"c2\"]\nactionable = \"any\"\n\
        [outputs]\noutcome = { type = \"enum\", values = [\"approve\", \"refer\", \"decline\"] }\n";
    let rules = "derive(\"enough\", |f| f.a + abs(f.b - 12) + if f.c == \"c0\" { 0 } else { 3 });\n\
        fn decide(f, hits) { #{ outcome: if f.enough < 11 { \"decline\" } else if f.a > 9 { \"refer\" } else { \"approve\" } } }\n";
    let files = [("ruleset.toml", manifest), ("rules.rhai", rules), ("reasons.csv", "code,en\n")];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into_iter().collect();
    let numbers = || (0..=30).map(|number| number.to_string()).collect();
    let fact = |name, values, actionable, category| Act { name, values, actionable: Some(actionable), category };
    let categories = ["c0", "c1", "c2"].map(|value| format!("\"{value}\"")).to_vec();
    let facts = vec![
        fact("a", numbers(), "increase", false),
        fact("b", numbers(), "any", false),
        fact("c", categories, "any", true),
    ];
    let records = [[0, 12, 0], [0, 12, 1], [2, 9, 0], [7, 12, 0]].map(|record| record.map(Some).to_vec()).to_vec();
    let small = Small { files, facts, records };
    let program = load(&small.files).unwrap();
    let mut decider = Decider::new(&program);
    let mut long = Vec::new();
    for record in &small.records {
        let facts = json(&small, record);
        let changes = decider.changes_json(facts.as_bytes(), date(AS_OF));
        let now = outcome(&mut decider, &facts).unwrap();
        let oracle = try_everything(&small, &mut decider, record, now);
        compare(&small, &program, record, &changes, &oracle, &|| format!("{facts}\n{changes:#?}"));
        long.push(oracle.long);
    }
    assert_eq!(long, [true, false, false, false]);
}

fn compare(
    small: &Small,
    program: &Program,
    record: &[Option<usize>],
    changes: &Changes,
    oracle: &Oracle,
    context: &dyn Fn() -> String,
) {
    let (single, pairs) =
        (listed(small, program, record, &changes.single), listed(small, program, record, &changes.pairs));
    assert_eq!(single, oracle.single, "{}", context());
    let missing = small.facts.iter().zip(record).any(|(fact, value)| fact.actionable.is_some() && value.is_none());
    // Of two facts everything is listed, or as much as is listed at all.
    assert!(pairs.is_subset(&oracle.pairs), "{:#?}\n{}", oracle.pairs, context());
    for (facts, least) in &oracle.distances {
        let of = |list: &Listed| {
            list.iter()
                .filter(|(steps, _)| steps.iter().map(|step| step.0).eq(facts.iter().copied()))
                .cloned()
                .collect::<Listed>()
        };
        let (listed, all) = (of(&pairs), of(&oracle.pairs));
        let far: BTreeSet<_> = listed.iter().map(|(steps, _)| distances(small, record, steps)).collect();
        assert_eq!(far.len(), least.len().min(MOST_LISTED), "{all:#?}\n{}", context());
        let there = all.into_iter().filter(|(steps, _)| far.contains(&distances(small, record, steps)));
        assert_eq!(listed, there.collect(), "{}", context());
    }
    assert_eq!(changes.complete, !missing && !oracle.long, "{}", context());
    let nothing = oracle.single.is_empty() && oracle.pairs.is_empty();
    let status = match (nothing, missing) {
        (false, _) => ChangesStatus::Found,
        (true, false) => ChangesStatus::NothingWould,
        (true, true) => ChangesStatus::NoneFound,
    };
    assert_eq!(changes.status, status, "{}", context());
    // Declared order, singles and pairs alike; of the same two facts the nearest change of the first stands first.
    for list in [&changes.single, &changes.pairs] {
        let order: Vec<_> = list
            .iter()
            .map(|change| {
                let (steps, _) = listed(small, program, record, std::slice::from_ref(change)).pop_first().unwrap();
                (steps.iter().map(|step| step.0).collect::<Vec<_>>(), distances(small, record, &steps))
            })
            .collect();
        assert!(order.is_sorted(), "{}", context());
    }
}

/// A generated ruleset of the differential tests, in which every scalar fact can be acted on that is always a value.
fn acted_on(case: &mut Case) {
    let manifest = String::from_utf8(case.files["ruleset.toml"].clone()).unwrap();
    let sections = manifest.split_inclusive('\n').fold(Vec::<String>::new(), |mut sections, line| {
        if line.starts_with('[') || sections.is_empty() {
            sections.push(String::new());
        }
        sections.last_mut().unwrap().push_str(line);
        sections
    });
    let scalar = ["integer", "decimal", "enum", "boolean", "date"].map(|word| format!("\ntype = \"{word}\""));
    let acted = |section: String| {
        let always = !section.contains("optional = true") && !section.contains("special = ");
        let fact = section.starts_with("[facts.") && scalar.iter().any(|word| section.contains(word));
        if fact && always { section + "actionable = \"any\"\n" } else { section }
    };
    let manifest: String = sections.into_iter().map(acted).collect();
    case.files.insert("ruleset.toml".to_owned(), manifest.into_bytes());
}

type Members = Vec<(String, Json)>;

fn read(record: &str) -> Option<Members> {
    match Json::parse(record) {
        Some(Json::Object(members)) => Some(members),
        _ => None,
    }
}

/// A record with some facts as in another.
fn mixed(program: &Program, into: &Members, from: &Members, facts: &[usize]) -> Option<String> {
    let mut members = into.clone();
    for fact in facts {
        let key = program.facts[*fact].input_key();
        let (_, value) = from.iter().find(|(name, value)| name == key && *value != Json::Null)?;
        let (_, place) = members.iter_mut().find(|(name, value)| name == key && *value != Json::Null)?;
        if place == value {
            return None;
        }
        *place = value.clone();
    }
    Some(corpus::write(&Json::Object(members)))
}

/// Whether a value of a fact is no special code.
fn plain(program: &Program, decider: &Decider<'_>, fact: usize) -> bool {
    let slot = decider.memory().record.slots.get(fact).copied().unwrap_or_default();
    program.facts[fact].actionable.is_some() && !matches!(slot, Slot::Missing | Slot::Special(_))
}

/// Every operator of the language, large domains: whatever better outcome a sample gives, the search must know of one
/// at least as near in every fact.
#[test]
fn no_sample_contradicts_the_search() {
    let (mut searched, mut better, mut proven, mut complete) = (0, 0, 0, 0);
    for seed in 0..cases() {
        let mut case = from_seed(seed);
        acted_on(&mut case);
        let Ok(program) = load(&case.files) else { continue };
        let as_of = date(&case.as_of);
        let mut decider = Decider::new(&program);
        let records: Vec<Members> = case.records.iter().filter_map(|record| read(record)).collect();
        for (place, record) in records.iter().enumerate() {
            let facts = corpus::write(&Json::Object(record.clone()));
            let changes = decider.changes_json(facts.as_bytes(), as_of);
            if matches!(changes.status, ChangesStatus::NotDecided | ChangesStatus::BestAlready) {
                continue;
            }
            searched += 1;
            complete += usize::from(changes.complete);
            proven += usize::from(changes.status == ChangesStatus::NothingWould);
            let mut decide = |facts: &str| {
                let decision = decider.decide_json(facts.as_bytes(), as_of, TraceLevel::None);
                let outcome = decider.outcome().outputs.first().copied();
                (decision.error.is_none().then_some(outcome).flatten(), decider.clone())
            };
            let (Some(Slot::Enum(now)), before) = decide(&facts) else { panic!("seed {seed}: {facts}") };
            let movable: Vec<usize> = (0..program.facts.len()).filter(|fact| plain(&program, &before, *fact)).collect();
            let sets: Vec<Vec<usize>> =
                movable
                    .iter()
                    .map(|fact| vec![*fact])
                    .chain(movable.iter().flat_map(|one| {
                        movable.iter().filter(move |other| one < other).map(|other| vec![*one, *other])
                    }))
                    .collect();
            for other in records.iter().enumerate().filter(|(index, _)| *index != place).map(|(_, other)| other) {
                for set in &sets {
                    let Some(changed) = mixed(&program, record, other, set) else { continue };
                    let (Some(Slot::Enum(then)), after) = decide(&changed) else { continue };
                    if then >= now || !set.iter().all(|fact| plain(&program, &after, *fact)) {
                        continue;
                    }
                    better += 1;
                    let no_farther = |step: &ChangedFact| match (&step.to, shown(&program, &after, step.fact)) {
                        (TraceValue::Shown(to), Some(sample)) => {
                            let far = |value| distance(&program, &before, step.fact, value);
                            far(to) <= far(&sample)
                        }
                        _ => true,
                    };
                    let reached =
                        |change: &Change| change.facts.iter().all(|step| set.contains(&step.fact) && no_farther(step));
                    let known = changes.single.iter().chain(&changes.pairs).any(reached);
                    let context = || format!("seed {seed}: {facts}\n{changed}\n{changes:#?}");
                    assert!(known || !changes.complete, "{}", context());
                    if let [fact] = set.as_slice() {
                        let listed = changes.single.iter().any(|change| change.facts[0].fact == *fact);
                        assert!(known || !listed, "{}", context());
                    }
                }
            }
        }
    }
    println!("{searched} searched, {complete} to the end, {proven} proven hopeless, {better} better samples");
    assert!(better >= 5 && proven >= 5, "{better} better, {proven} proven");
}

fn shown(program: &Program, decider: &Decider<'_>, fact: usize) -> Option<Value> {
    match (decider.memory().record.slots[fact], &program.facts[fact].spec.data_type) {
        (Slot::Integer(number), _) => Some(Value::Integer(number)),
        (Slot::Decimal(number), _) => Some(Value::Decimal(number)),
        (Slot::Date(day), _) => Some(Value::Date(day)),
        _ => None,
    }
}

/// How far a value is from the present one.
fn distance(program: &Program, decider: &Decider<'_>, fact: usize, value: &Value) -> i128 {
    let ordinal = |value: &Value| match value {
        Value::Integer(number) => i128::from(*number),
        Value::Decimal(number) => number.mantissa(),
        Value::Date(day) => day.days().into(),
        other => panic!("{other:?}"),
    };
    (ordinal(value) - ordinal(&shown(program, decider, fact).unwrap())).abs()
}

/// A chain of derived facts as deep as is searched, on half a megabyte; a deeper one is not searched, and says so.
#[test]
fn deep_rules_fit_a_small_stack() {
    let manifest = "language = 1\nid = \"deep\"\nversion = \"1.0.0\"\ntitle = { en = \"Deep\" }\n\
        [facts.a]\ntype = \"integer\"\nmin = 0\nmax = 1000\nactionable = \"decrease\"\n\
        [outputs]\noutcome = { type = \"enum\", values = [\"approve\", \"decline\"] }\n";
    let deep = |links: usize| {
        let link =
            |n: usize| format!("derive(\"x{}\", |f| if f.x{n} > 5000 {{ f.a }} else {{ f.x{n} + 1 }});\n", n + 1);
        let mut rules = "derive(\"x0\", |f| f.a);\n".to_owned();
        rules.extend((0..links).map(link));
        rules += &format!("rule(\"K\", \"decline\", |f| f.x{links} > {});\n", 400 + links);
        rules + "fn decide(f, hits) { #{ outcome: if hits.has(\"decline\") { \"decline\" } else { \"approve\" } } }\n"
    };
    for (links, status) in [(50, ChangesStatus::Found), (120, ChangesStatus::NoneFound)] {
        let files = [
            ("ruleset.toml", manifest.to_owned()),
            ("rules.rhai", deep(links)),
            ("reasons.csv", "code,en\n".to_owned()),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.into_bytes())).into_iter().collect();
        let program = load(&files).unwrap();
        let search = move || Decider::new(&program).changes_json(b"{\"a\": 700}", date(AS_OF));
        let changes = std::thread::Builder::new().stack_size(512 << 10).spawn(search).unwrap().join().unwrap();
        assert_eq!(changes.status, status, "{links} links");
        let found = changes.single.first().map(|change| change.facts[0].to.clone());
        assert_eq!(found, (links == 50).then_some(TraceValue::Shown(Value::Integer(400))));
    }
}
