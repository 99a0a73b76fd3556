#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]
use super::*;
use crate::diagnostic::Severity;
use crate::ruleset::script::{Expr, ExprKind};
use crate::ruleset::{AttributePredicate, HitPolicy, NoMatch, OnError, OutputCell};
use crate::schema::DataType;
use crate::value::Value;
use proptest::prelude::*;

/// Takes every script for empty, and every expression for a text, but for `!`, which is a syntax error.
struct Plain;

impl ScriptParser for Plain {
    fn parse_script(&self, file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Script> {
        if text.contains("syntax error") {
            diagnostics.push(Diagnostic::new(crate::diagnostic::codes::RHAI_SYNTAX, Span::at(file, 1, 1), "no"));
            return None;
        }
        Some(Script::default())
    }

    fn parse_expression(&self, origin: Span, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
        if let Some(at) = text.find('!') {
            let column = origin.column + u32::try_from(text[..at].chars().count()).unwrap();
            let span = Span::at(origin.file, origin.line, column);
            diagnostics.push(Diagnostic::new(crate::diagnostic::codes::RHAI_SYNTAX, span, "no"));
            return None;
        }
        Some(Expr { kind: ExprKind::Text(text.to_owned()), span: origin })
    }
}

fn files(pairs: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    pairs.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

const HEAD: &str = "language = 1\nid = \"x\"\nversion = \"1\"\n";
const OUTPUTS: &str = "[outputs]\noutcome = { type = \"enum\", values = [\"approve\", \"refer\", \"decline\"] }\n";

fn with_toml(toml: &str) -> Parsed {
    parse(&files(&[("ruleset.toml", toml), ("rules.rhai", "")]), &Plain)
}

/// `T1102@4:1` for each diagnostic.
fn places(parsed: &Parsed) -> Vec<String> {
    let place = |found: &Diagnostic| match found.span {
        Some(span) => format!("{}@{}:{}", found.code, span.line, span.column),
        None => found.code.to_string(),
    };
    parsed.diagnostics.iter().map(place).collect()
}

#[test]
fn the_shipped_pack_is_read_without_complaint() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../rulesets/retail-credit-rating/");
    let mut pack = BTreeMap::new();
    for name in [
        "ruleset.toml",
        "rules.rhai",
        "reasons.csv",
        "application.scorecard.csv",
        "master.scale.csv",
        "limit.table.csv",
    ] {
        #[expect(clippy::disallowed_methods, reason = "tests read files")]
        pack.insert(name.to_owned(), std::fs::read(format!("{root}{name}")).unwrap());
    }
    let parsed = parse(&pack, &Plain);
    assert_eq!(parsed.diagnostics, []);
    let ruleset = parsed.ruleset.unwrap();
    assert_eq!(ruleset.facts.len(), 13);
    assert_eq!(ruleset.facts[0].input_key(), "age_in_years");
    assert_eq!(ruleset.scorecards[0].points_scale, None);
    assert_eq!(ruleset.scorecards[0].characteristics.len(), 13);
    assert_eq!(ruleset.scales[0].bands.len(), 8);
    assert_eq!(ruleset.tables[0].rows.len(), 29);
    assert!(ruleset.scorecards[0].complete && ruleset.scales[0].complete && ruleset.tables[0].complete);
    assert_eq!(ruleset.digest.len(), 71);
}

#[test]
fn every_kind_of_fact_is_read_in_order() {
    let toml = format!(
        r#"{HEAD}effects = ["watch"]
effective_from = 2026-01-01
effective_until = 2027-01-01
on_error = "refer"
{OUTPUTS}
[facts.zeta]
type = "decimal"
scale = 2
min = 0
max = "99.5"
special = {{ none = -1, odd = "-2.50", text = "NA" }}
optional = true
sensitive = true
actionable = "increase"
unit = "CNY"
label = {{ en = "Z", zh-CN = "泽" }}
source = "月收入"
[facts.alpha]
type = "list"
of = "record"
fields = {{ balance = {{ type = "decimal", scale = 2 }}, due = {{ type = "date", optional = true }} }}
[facts.products]
type = "list"
of = "enum"
values = ["deposit", "card"]
[facts.balance]
type = "series"
of = "decimal"
scale = 2
min = 0
period = "month"
[facts.born]
type = "date"
max = 2026-01-01
[parameters]
rate = {{ type = "decimal", value = "0.450" }}
count = {{ type = "integer", value = 3 }}
"#
    );
    let parsed = with_toml(&toml);
    assert_eq!(parsed.diagnostics, []);
    let ruleset = parsed.ruleset.unwrap();
    let names: Vec<&str> = ruleset.facts.iter().map(|fact| fact.name.as_str()).collect();
    assert_eq!(names, ["zeta", "alpha", "products", "balance", "born"]);
    let zeta = &ruleset.facts[0];
    assert_eq!(zeta.spec.special.len(), 3);
    assert_eq!(zeta.spec.special[2].value, Value::Text("NA".to_owned()));
    assert!(zeta.spec.optional && zeta.sensitive);
    assert_eq!(zeta.label.get("zh-CN"), Some("泽"));
    let DataType::List(element) = &ruleset.facts[1].spec.data_type else { panic!("no list") };
    assert!(matches!(&element.data_type, DataType::Record(fields) if fields[1].spec.optional));
    assert!(matches!(&ruleset.facts[3].spec.data_type, DataType::Series { value, .. } if value.min.is_some()));
    assert!(matches!(ruleset.parameters[0].data_type, DataType::Decimal { scale: 3 }));
    assert_eq!(ruleset.manifest.on_error, OnError::Refer);
}

#[test]
fn mistakes_of_the_manifest_are_all_found() {
    let fact = |body: &str| format!("{HEAD}{OUTPUTS}[facts.x]\n{body}\n");
    let cases = [
        (format!("{HEAD}{OUTPUTS}colour = 1"), "T1104@6:10"),
        (format!("{HEAD}[parameters]\nx = {{ type = \"decimal\", value = 0.45 }}\n{OUTPUTS}"), "T1105@5:33"),
        (format!("versoin = 2\n{HEAD}{OUTPUTS}"), "T1102@1:1"),
        (format!("id = \"x\"\nversion = \"1\"\n{OUTPUTS}"), "T1103@1:1"),
        (format!("language = 2\nid = \"x\"\nversion = \"1\"\n{OUTPUTS}"), "T1108@1:12"),
        (HEAD.to_owned(), "T1103@1:1"),
        (fact("type = \"decimal\""), "T1103@6:8"),
        (fact("type = \"decimal\"\nscale = 29"), "T1107@8:9"),
        (fact("type = \"interger\""), "T1107@7:8"),
        (fact("type = \"integer\"\nscale = 2"), "T1102@8:1"),
        (fact("type = \"integer\"\nmin = 5\nmax = 4"), "T1107@9:1"),
        (fact("type = \"integer\"\nmin = 1.5"), "T1105@8:7"),
        (fact("type = \"integer\"\nspecial = { Bad = -1 }"), "T1106@8:13"),
        (fact("type = \"integer\"\nmin = 0\nspecial = { none = 9 }"), "T1107@9:20"),
        (fact("type = \"integer\"\nspecial = { a = 9, b = 9 }"), "T1107@8:24"),
        (fact("type = \"enum\"\nvalues = [\"a\", \"a\"]"), "T1107@8:16"),
        (fact("type = \"enum\"\nvalues = [\"a\"]\nspecial = { x = \"a\" }"), "T1107@9:17"),
        (fact("type = \"enum\"\nvalues = []"), "T1107@8:1"),
        (fact("type = \"text\"\nmin = 1"), "T1102@8:1"),
        (fact("type = \"record\""), "T1107@7:8"),
        (fact("type = \"list\"\nof = \"integr\""), "T1107@8:6"),
        (fact("type = \"series\"\nof = \"integer\""), "T1103@6:8"),
        (fact("type = \"integer\"\nlabel = \"X\""), "T1104@8:9"),
        (fact("type = \"integer\"\nactionable = \"up\""), "T1107@8:14"),
        (fact("type = \"decimal\"\nscale = 2\nmin = \"1,200.50\""), "T1206@9:7"),
        (fact("type = \"decimal\"\nscale = 1\nmin = \"0.25\""), "T1107@9:7"),
        (format!("{HEAD}{OUTPUTS}[facts.default]\ntype = \"integer\"\n"), "T1106@6:8"),
        (format!("{HEAD}{OUTPUTS}[facts.Income]\ntype = \"integer\"\n"), "T1106@6:8"),
        (
            format!("{HEAD}{OUTPUTS}[facts.a]\ntype = \"integer\"\nsource = \"b\"\n[facts.b]\ntype = \"integer\"\n"),
            "T2010@9:8",
        ),
        (format!("effects = [\"refer\"]\n{HEAD}{OUTPUTS}"), "T1107@1:12"),
        (format!("on_error = \"refer\"\n{HEAD}[outputs]\nx = {{ type = \"integer\" }}\n"), "T1107@1:1"),
        (format!("effective_from = 2026-02-01\neffective_until = 2026-01-01\n{HEAD}{OUTPUTS}"), "T1107@2:1"),
        (format!("effective_from = 2026-02-01T00:00:00Z\n{HEAD}{OUTPUTS}"), "T1107@1:18"),
        (format!("{HEAD}{OUTPUTS}[scorecards.a]\nfile = \"../a.csv\"\n"), "T1107@7:8"),
        (format!("{HEAD}{OUTPUTS}[scorecards.a]\nfile = \"a.scorecard.csv\"\n"), "T1001@7:8"),
        (
            format!(
                "{HEAD}{OUTPUTS}[tables.a]\nfile = \"a.csv\"\nhit = \"collect\"\ninputs = [\"x\"]\noutputs = {{ y = {{ type = \"integer\" }} }}\n"
            ),
            "T1107@8:7",
        ),
        (format!("{HEAD}{OUTPUTS}[unrestricted]\n"), "T1102@6:2"),
        (format!("{HEAD}id = \"y\"\n{OUTPUTS}"), "T1101@4:1"),
        (format!("{HEAD}title = retail\n{OUTPUTS}"), "T1101@4:9"),
    ];
    for (toml, expected) in cases {
        let parsed = with_toml(&toml);
        assert!(places(&parsed).contains(&expected.to_owned()), "{toml}\n{expected} not in {:#?}", parsed.diagnostics);
        assert!(parsed.ruleset.is_none(), "{toml}");
        assert!(parsed.diagnostics.iter().all(|found| found.help.is_some()), "{:#?}", parsed.diagnostics);
    }
}

#[test]
fn several_mistakes_are_found_in_one_run() {
    let toml = format!(
        "{HEAD}effective_form = 1\n[facts.a]\ntype = \"intger\"\n[facts.b]\ntype = \"decimal\"\nscale = 2\nmin = 0.5\n{OUTPUTS}"
    );
    let parsed = with_toml(&toml);
    assert_eq!(places(&parsed), ["T1102@4:1", "T1107@6:8", "T1105@10:7"]);
    assert_eq!(parsed.diagnostics[0].help.as_deref(), Some("did you mean `effective_from`?"));
}

/// Reads one artefact whose settings are `settings`.
fn with_artefact(settings: &str, path: &str, csv: &str) -> Parsed {
    let toml = format!("{HEAD}{OUTPUTS}{settings}");
    parse(&files(&[("ruleset.toml", &toml), ("rules.rhai", ""), (path, csv)]), &Plain)
}

const CARD: &str = "[scorecards.c]\nfile = \"c.scorecard.csv\"\ninitial_score = 10\n";

fn card(csv: &str) -> Parsed {
    with_artefact(CARD, "c.scorecard.csv", csv)
}

#[test]
fn cards_are_read() {
    let csv = "characteristic,lower,upper,value,points,reason\n\
        a,-inf,1.5,,-1.50,R1\na,1.5,,,2,\na,,,SPECIAL:none,3,R1\na,,,MISSING,4,R1\n\
        b,,,\"x|\"\"a|b\"\"|y z\",5,R2\nb,,,ELSE,6,R2\nd,2026-01-01,inf,,7,\n";
    let parsed = card(csv);
    assert_eq!(parsed.diagnostics, []);
    let ruleset = parsed.ruleset.unwrap();
    let card = &ruleset.scorecards[0];
    assert_eq!(card.points_scale, Some(2));
    let names: Vec<&str> = card.characteristics.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "d"]);
    let values = ["x", "a|b", "y z"].map(str::to_owned).to_vec();
    assert_eq!(card.characteristics[1].attributes[0].predicate, AttributePredicate::Values(values));
    assert_eq!(card.characteristics[0].attributes[2].predicate, AttributePredicate::Special("none".to_owned()));
    assert_eq!(card.characteristics[0].attributes[1].reason, None);
}

#[test]
fn mistakes_of_cards_are_all_found() {
    let cases = [
        ("a,1,2,x,3,R", "T2201@2:3"),
        (",1,2,,3,R", "T2201@2:1"),
        ("a,1,2,,,R", "T1207@2:1"),
        ("a,1,2,,1e3,R", "T1206@2:8"),
        ("a,１,2,,3,R", "T1206@2:3"),
        ("a,inf,2,,3,R", "T1207@2:3"),
        ("a,2026/1/1,,,3,R", "T1206@2:3"),
        ("a,,,MISSING|x,3,R", "T2201@2:5"),
        ("a,,,x|MISSING,3,R", "T2201@2:7"),
        ("a,,,x||y,3,R", "T2201@2:7"),
        ("a,,,x |y,3,R", "T1206@2:5"),
        ("a,,,x|x,3,R", "T1107@2:7"),
        ("a,,,\"\"\"x\",3,R", "T1301@2:6"),
        ("a,,,#NAME?,3,R", "T1206@2:5"),
        ("a,1,2,,3,R,,,", "T1206@2:12"),
        (",,,,,", "T1206@2:1"),
        ("a,1,2,,3", "T1202@2:9"),
        ("Age,1,2,,3,R", "T1106@2:1"),
        ("a,,,x\u{200B}y,3,R", "T2410@2:5"),
        ("a,,,SPECIAL:No,3,R", "T1106@2:5"),
    ];
    for (row, expected) in cases {
        let parsed = card(&format!("characteristic,lower,upper,value,points,reason\n{row}\nz,0,1,,1,R\n"));
        assert_eq!(places(&parsed), [expected], "{row}: {:#?}", parsed.diagnostics);
        // The damaged row is left out, the others stay.
        assert!(parsed.ruleset.unwrap().scorecards[0].characteristics.iter().any(|found| found.name == "z"));
    }
    assert_eq!(places(&card("characteristic,lower,upper,value,point,reason\n")), ["T1204@1:1", "T1205@1:34"]);
    assert!(card("characteristic,lower,upper,value,point,reason\n").ruleset.is_none());
}

#[test]
fn points_and_baselines_follow_their_settings() {
    let head = "characteristic,lower,upper,value,points,reason";
    let integer = format!("{CARD}points = {{ type = \"integer\" }}\n");
    let parsed = with_artefact(&integer, "c.scorecard.csv", &format!("{head}\na,,,x,1.0,\na,,,y,1.5,\n"));
    assert_eq!(places(&parsed), ["T1207@3:7"]);
    let decimal = format!("{CARD}points = {{ type = \"decimal\", scale = 1 }}\n");
    let parsed = with_artefact(&decimal, "c.scorecard.csv", &format!("{head}\na,,,x,1.25,\n"));
    assert_eq!(places(&parsed), ["T1207@2:7"]);
    let given = format!("{CARD}reasons = {{ baseline = \"given\" }}\n");
    let csv = format!("{head},baseline\na,,,x,1,,5\na,,,y,2,,\nb,,,x,1,,\nd,,,x,1,,1\nd,,,y,1,,2\n");
    assert_eq!(places(&with_artefact(&given, "c.scorecard.csv", &csv)), ["T2206@4:1", "T2206@6:10"]);
    let unused = card(&format!("{head},baseline\na,,,x,1,,5\n"));
    assert_eq!(unused.diagnostics[0].severity, Severity::Warning);
}

#[test]
fn scales_are_read_and_their_mistakes_found() {
    let settings = "[scales.s]\nfile = \"s.scale.csv\"\noutputs = { grade = { type = \"enum\", values = [\"A\", \"B B\"] }, pd = { type = \"decimal\", scale = 2, optional = true }, tags = { type = \"list\", of = \"text\", optional = true } }\n";
    let scale = |csv: &str| with_artefact(settings, "s.scale.csv", csv);
    let good = scale("to,from,grade,pd,tags\n1.5,-inf,A,0.1,\"[\"\"x\"\"]\"\n,1.5,\"\"\"B B\"\"\",,\n");
    assert_eq!(good.diagnostics, []);
    let bands = good.ruleset.unwrap().scales[0].bands.clone();
    assert_eq!(bands[0].values[2], Value::List(vec![Value::Text("x".to_owned())]));
    assert_eq!(bands[1].values[..2], [Value::Text("B B".to_owned()), Value::Missing]);
    for (row, expected) in [
        ("0,1,C,,", "T2006@2:5"),
        ("0,1,,,", "T2303@2:5"),
        ("0,1,A,0.123,", "T1207@2:7"),
        ("0,-inf,A,,", "T1207@2:3"),
        ("0,x,A,,", "T1207@2:3"),
        ("0,1,A,,[x]", "T1501@2:9"),
        ("0,1,A,,[1]", "T1107@2:9"),
    ] {
        let parsed = scale(&format!("from,to,grade,pd,tags\n{row}\n"));
        assert_eq!(places(&parsed), [expected], "{row}: {:#?}", parsed.diagnostics);
        assert!(!parsed.ruleset.unwrap().scales[0].complete);
    }
}

const TABLE: &str = "[tables.t]\nfile = \"t.table.csv\"\nhit = \"first\"\ninputs = [\"a\", \"b\"]\nno_match = \"default\"\noutputs = { x = { type = \"decimal\", scale = 2 }, d = { type = \"date\", optional = true }, l = { type = \"list\", of = \"date\", optional = true } }\n";

#[test]
fn tables_are_read() {
    let csv = "id,b,a,->x,->d,->l,reason,valid_from,valid_until,note\n\
        r1,< 5,\"\"\"A\"\",\"\"B\"\"\",1.50,2026-01-01,\"[\"\"2026-01-01\"\"]\",R1,2026-01-01,2026-02-01,\"n, n\"\n\
        r2,-,null,`f.need * 0.5`,,,,,,\ndefault,-,-,0,,,,,,\n";
    let parsed = with_artefact(TABLE, "t.table.csv", csv);
    assert_eq!(parsed.diagnostics, []);
    let table = &parsed.ruleset.unwrap().tables[0];
    assert_eq!((table.hit_policy, table.no_match), (HitPolicy::First, NoMatch::Default));
    assert_eq!(table.inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(table.rows.len(), 2);
    assert!(table.default_row.is_some());
    assert!(matches!(&table.rows[0].outputs[2].value, OutputCell::Expression(Expr { kind: ExprKind::Array(list), .. })
        if matches!(&list[0].kind, ExprKind::Call { name, .. } if name.name == "date")));
    assert!(matches!(&table.rows[1].outputs[0].value, OutputCell::Expression(Expr { span, .. }) if span.column == 12));
    assert_eq!(table.rows[1].outputs[1].value, OutputCell::Missing);
}

#[test]
fn mistakes_of_tables_are_all_found() {
    let cases = [
        ("r1,[5..1],-,1,,,,,,", "T1302@2:4"),
        ("r1,\"\"\"A\"\",[5..1]\",-,1,,,,,,", "T1302@2:11"),
        ("r1,,-,1,,,,,,", "T1301@2:4"),
        ("r1,-,-,\"1,200.50\",,,,,,", "T1206@2:9"),
        ("r1,-,-,=A1,,,,,,", "T1301@2:8"),
        ("r1,-,-,`!`,,,,,,", "T1401@2:9"),
        ("r1,-,-,\"`\"\"a\"\" + !`\",,,,,,", "T1401@2:18"),
        ("r1,-,-,`f.x,,,,,,", "T1301@2:8"),
        ("r1,-,-,1,2026-02-30,,,,,", "T1208@2:10"),
        ("r1,-,-,1,,[1,,,,", "T1501@2:13"),
        ("r1,-,-,1,,,,2026/1/1,,", "T1206@2:13"),
        ("r1,-,-,1,,,,2026-02-01,2026-01-01,", "T1107@2:24"),
        (",-,-,1,,,,,,", "T1107@2:1"),
        ("default,-,-,1,,,,,,", "T1209@3:1"),
    ];
    for (row, expected) in cases {
        let csv = format!("id,b,a,->x,->d,->l,reason,valid_from,valid_until,note\n{row}\ndefault,-,-,0,,,,,,\n");
        let parsed = with_artefact(TABLE, "t.table.csv", &csv);
        assert_eq!(places(&parsed), [expected], "{row}: {:#?}", parsed.diagnostics);
        assert!(parsed.ruleset.is_some(), "{row}");
    }
    let parsed = with_artefact(TABLE, "t.table.csv", "id,b,a,x,->d,->l\n");
    assert_eq!(places(&parsed), ["T1204@1:1", "T1211@1:1", "T1205@1:8"]);
    let parsed = with_artefact(TABLE, "t.table.csv", "b,a,->x,->d,->l\n-,1,1,,\n");
    assert_eq!(places(&parsed), ["T2406@1:1"]);
    assert_eq!(parsed.ruleset.unwrap().tables[0].rows[0].id, "1");
}

#[test]
fn matrices_are_tables() {
    let settings = "[matrices.m]\nfile = \"m.matrix.csv\"\ninputs = [\"grade\", \"term\"]\noutput = { type = \"decimal\", scale = 4 }\nno_match = \"missing\"\n";
    let csv = "grade,< 12,[12..60)\n\"\"\"A\"\",\"\"B\"\"\",0.01,0.02\nC,0.03,`f.x`\n";
    let parsed = with_artefact(settings, "m.matrix.csv", csv);
    assert_eq!(parsed.diagnostics, []);
    let table = &parsed.ruleset.unwrap().tables[0];
    assert!(table.matrix);
    assert_eq!(table.outputs[0].name, "value");
    let ids: Vec<&str> = table.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["r1c1", "r1c2", "r2c1", "r2c2"]);
    let bad = "term,< 12,[60..12)\nC,x,\n";
    assert_eq!(places(&with_artefact(settings, "m.matrix.csv", bad)), ["T1204@1:1", "T1302@1:11"]);
}

#[test]
fn reasons_are_read_and_their_mistakes_found() {
    let toml = format!("{HEAD}{OUTPUTS}");
    let read = |csv: &str| parse(&files(&[("ruleset.toml", &toml), ("rules.rhai", ""), ("reasons.csv", csv)]), &Plain);
    let good = read("code,en,zh-CN\nR1,Age,年龄\nR2,Other,\n");
    assert_eq!(good.diagnostics, []);
    assert_eq!(good.ruleset.unwrap().reasons[1].text.get("zh-CN"), Some("Other"));
    assert_eq!(places(&read("code,en\nR1,a\nR1,b\n,c\nR2,\n\n")), ["T1209@3:1", "T1107@4:1", "T1107@5:1", "T1203@6:1"]);
    assert_eq!(places(&read("code,english\n")), ["T1204@1:1", "T1205@1:6"]);
}

#[test]
fn files_are_missed_decoded_and_measured() {
    assert_eq!(places(&parse(&BTreeMap::new(), &Plain)), ["T1001", "T1001"]);
    let mut files = files(&[("ruleset.toml", &format!("{HEAD}{OUTPUTS}")), ("rules.rhai", ""), ("old.table.csv", "")]);
    assert_eq!(places(&parse(&files, &Plain)), ["T1003"]);
    files.remove("old.table.csv");
    files.insert("reasons.csv".to_owned(), b"code,en\nR1,\xC4\xEA\xC1\xE4\n".to_vec());
    let parsed = parse(&files, &Plain);
    assert_eq!(places(&parsed), ["T1002@2:4"]);
    assert!(parsed.diagnostics[0].message.contains("GB18030"));
    files.insert("reasons.csv".to_owned(), vec![b'x'; limits::FILE_BYTES_MAX + 1]);
    assert_eq!(places(&parse(&files, &Plain)), ["T5001@1:1"]);
    files.insert("reasons.csv".to_owned(), [b"code,en\n".to_vec(), vec![b'\n'; 100_000]].concat());
    assert_eq!(parse(&files, &Plain).diagnostics.len(), 1_001);
    files.insert("rules.rhai".to_owned(), b"syntax error".to_vec());
    assert!(parse(&files, &Plain).ruleset.is_none());
}

#[test]
fn the_digest_covers_what_decides_and_nothing_else() {
    let toml = format!("{HEAD}{OUTPUTS}");
    let mut files =
        files(&[("ruleset.toml", &toml), ("rules.rhai", "// x\n"), ("README.md", "a"), ("cases/a.json", "{}")]);
    let digest = |files: &BTreeMap<String, Vec<u8>>| parse(files, &Plain).ruleset.unwrap().digest;
    let (first, evidence) = (digest(&files), evidence_digest(&files));
    files.insert("README.md".to_owned(), b"b".to_vec());
    files.insert("rules.rhai".to_owned(), b"\xEF\xBB\xBF// x\r\n".to_vec());
    assert_eq!(digest(&files), first);
    assert_ne!(evidence_digest(&files), evidence);
    files.insert("rules.rhai".to_owned(), b"// y\n".to_vec());
    assert_ne!(digest(&files), first);
}

#[test]
fn one_file_is_a_ruleset_too() {
    let manifest: String = format!("{HEAD}{OUTPUTS}").lines().map(|line| format!("//! {line}\n")).collect();
    let read = |text: &str| parse(&files(&[("small.rhai", text)]), &Plain);
    let good = read(&format!("{manifest}\nfn decide(f, hits) {{}}\n"));
    assert_eq!(good.diagnostics, []);
    assert!(good.ruleset.is_some());
    assert_eq!(places(&read(&format!("{manifest}//! colour = {{}}\n"))), ["T1103@6:5"]);
    assert_eq!(places(&read(&format!("//!version = 1\n{manifest}"))), ["T1104@1:14", "T1101@4:5"]);
    assert_eq!(places(&read(&format!("{manifest}\n//! id = \"y\"\n"))), ["T1406@7:1"]);
    assert_eq!(places(&read("fn decide() {}")), ["T1001@1:1"]);
}

#[test]
fn cases_are_read_and_their_mistakes_found() {
    let read = |text: &str| {
        let mut sources = Sources::default();
        let (cases, diagnostics) =
            parse_cases(&files(&[("cases/a.json", text), ("cases/b/c.json", "x")]), &mut sources);
        (
            cases,
            diagnostics
                .iter()
                .map(|found| format!("{}@{}", found.code, found.span.unwrap().column))
                .collect::<Vec<_>>(),
        )
    };
    let (cases, faults) = read(
        r#"{"cases":[{"name":"a","as_of":"2026-01-31","facts":{"x": 1.50},"expect":{"outputs":{"y":null},"error":null}}]}"#,
    );
    assert!(faults.is_empty());
    assert_eq!(cases[0].facts, "{\"x\": 1.50}");
    assert_eq!(
        cases[0].expect,
        [("outputs".to_owned(), "{\"y\":null}".to_owned()), ("error".to_owned(), "null".to_owned())]
    );
    for (text, expected) in [
        ("{", "T1501@2"),
        ("[]", "T1502@1"),
        (r#"{"cases":[],"cases":[]}"#, "T1502@13"),
        (r#"{"case":[],"cases":[]}"#, "T1502@2"),
        (r#"{"cases":[{"name":"a","as_of":"2026/1/31","facts":{},"expect":{"hits":[]}}]}"#, "T1206@31"),
        (r#"{"cases":[{"name":"a","as_of":"2026-01-31","facts":[],"expect":{"hits":[]}}]}"#, "T1502@52"),
        (r#"{"cases":[{"name":"a","as_of":"2026-01-31","facts":{},"expect":{"hit":[]}}]}"#, "T1502@65"),
        (r#"{"cases":[{"name":"a","as_of":"2026-01-31","facts":{},"expect":{}}]}"#, "T1502@64"),
    ] {
        assert_eq!(read(text).1, [expected], "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_stop_it(toml in any::<Vec<u8>>(), csv in any::<Vec<u8>>(), json in ".{0,60}") {
        let toml_text = format!("{HEAD}{OUTPUTS}{CARD}{TABLE}[scales.s]\nfile = \"s.csv\"\noutputs = {{ x = {{ type = \"integer\" }} }}\n");
        let mut all = files(&[("ruleset.toml", &toml_text), ("rules.rhai", "")]);
        for path in ["c.scorecard.csv", "t.table.csv", "s.csv", "reasons.csv"] {
            all.insert(path.to_owned(), csv.clone());
        }
        let _ = parse(&all, &Plain);
        all.insert("ruleset.toml".to_owned(), toml);
        let _ = parse(&all, &Plain);
        let _ = parse_cases(&files(&[("cases/a.json", &json)]), &mut Sources::default());
    }

    #[test]
    fn no_damage_stops_it(at in 0_usize..4_000, with in "[\"'\\[\\]{}=,\n.#-]{1,3}", file in 0_usize..3) {
        let toml = format!("{HEAD}{OUTPUTS}{CARD}{TABLE}[facts.a]\ntype = \"list\"\nof = \"record\"\nfields = {{ b = {{ type = \"date\" }} }}\n");
        let card = "characteristic,lower,upper,value,points,reason\na,-inf,1,,1,R\nb,,,\"x|\"\"y|z\"\"\",2,\n";
        let table = "id,b,a,->x,->d,->l,reason\nr1,< 5,\"\"\"A\"\"\",1.50,,\"[\"\"2026-01-01\"\"]\",R1\n";
        let mut texts = [toml, card.to_owned(), table.to_owned()];
        let text = &mut texts[file];
        let at = text.char_indices().map(|(at, _)| at).nth(at % text.chars().count()).unwrap();
        text.insert_str(at, &with);
        let parsed = parse(&files(&[("ruleset.toml", &texts[0]), ("rules.rhai", ""), ("c.scorecard.csv", &texts[1]), ("t.table.csv", &texts[2])]), &Plain);
        for found in &parsed.diagnostics {
            prop_assert!(found.span.is_none_or(|span| span.line > 0 && span.column > 0));
        }
    }
}
