//! Decision tables of the DMN TCK and of Camunda's tests through the whole pipeline: written as our files, loaded,
//! decided. What our tables refuse to load is named and counted.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand"
)]

use std::collections::BTreeMap;

use serde_json::Value as Json;
use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::diagnostic::Code;
use trutina_engine::diagnostic::codes::{ANY_VIOLATED, TABLE_HIT_POLICY, UNIQUE_VIOLATED};
use trutina_engine::engine::Engine;
use trutina_engine::program::Program;
use trutina_engine::value::Value;
use trutina_engine::value::date::Date;
use trutina_engine::value::decimal::parse_decimal;

fn published(file: &str) -> Vec<Json> {
    let path = format!("{}/data/published/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A table to be written as files.
struct Table {
    hit: String,
    /// Types of the inputs, as in `ruleset.toml`.
    inputs: Vec<String>,
    /// Types of the outputs.
    outputs: Vec<String>,
    /// Cells: inputs, then outputs.
    rows: Vec<Vec<String>>,
}

impl Table {
    fn is_list(&self) -> bool {
        ["rule_order", "output_order", "collect(list)"].contains(&self.hit.as_str())
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let names =
            |prefix: &str, count: usize| -> Vec<String> { (0..count).map(|n| format!("{prefix}{n}")).collect() };
        let (inputs, outputs) = (names("in", self.inputs.len()), names("out", self.outputs.len()));
        let declared = |names: &[String], types: &[String], rest: &str| -> String {
            names.iter().zip(types).map(|(name, ty)| format!("{name} = {{ {ty}{rest} }}\n")).collect()
        };
        let of =
            |ty: &String| if self.is_list() { ty.replace("type = ", "type = \"list\", of = ") } else { ty.clone() };
        let list_types: Vec<String> = self.outputs.iter().map(of).collect();
        let optional = if self.is_list() { "" } else { ", optional = true" };
        let mut manifest = format!(
            "language = 1\nid = \"published\"\nversion = \"1.0.0\"\n\n[facts]\n{}\n[outputs]\n{}\n[tables.t]\n",
            declared(&inputs, &self.inputs, ""),
            declared(&outputs, &list_types, optional),
        );
        let columns: Vec<String> =
            outputs.iter().zip(&self.outputs).map(|(name, ty)| format!("{name} = {{ {ty} }}")).collect();
        manifest.push_str(&format!(
            "file = \"t.table.csv\"\nhit = \"{}\"\ninputs = {inputs:?}\noutputs = {{ {} }}\nno_match = \"missing\"\n",
            self.hit,
            columns.join(", ")
        ));
        let arguments: Vec<String> = inputs.iter().map(|name| format!("f.{name}")).collect();
        let values: Vec<String> = outputs
            .iter()
            .map(
                |name| {
                    if self.is_list() { format!("{name}: r.map(|x| x.{name})") } else { format!("{name}: r.{name}") }
                },
            )
            .collect();
        let script = format!(
            "fn decide(f, hits) {{\n    let r = table(\"t\", {});\n    #{{ {} }}\n}}\n",
            arguments.join(", "),
            values.join(", ")
        );
        let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let header: Vec<String> =
            ["id".to_owned()].into_iter().chain(inputs).chain(outputs.iter().map(|name| format!("->{name}"))).collect();
        let mut csv = format!("{}\n", header.join(","));
        for (row, number) in self.rows.iter().zip(1..) {
            let cells: Vec<String> = row.iter().map(quote).collect();
            csv.push_str(&format!("r{number},{}\n", cells.join(",")));
        }
        [("ruleset.toml", manifest), ("rules.rhai", script), ("t.table.csv", csv)]
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.into_bytes()))
            .collect()
    }

    /// The program, or the codes of the errors.
    fn load(&self) -> Result<Program, Vec<Code>> {
        let files = self.files();
        let loaded = Engine::default().load(&files, &trutina_script::Parser);
        let errors = loaded.diagnostics.iter().filter(|found| found.is_error());
        let codes: Vec<Code> = errors.map(|found| found.code).collect();
        match loaded.program {
            Some(program) => Ok(program),
            None if codes.iter().all(|code| *code == TABLE_HIT_POLICY) => Err(codes),
            None => {
                let texts: Vec<_> = files.values().map(|text| String::from_utf8_lossy(text)).collect();
                panic!("{:#?}\n{}", loaded.diagnostics, texts.join("\n---\n"))
            }
        }
    }
}

fn decide(program: &Program, facts: &str) -> Decision {
    let as_of = Date::parse_iso("2026-11-30").unwrap();
    let engine = Engine::default();
    let plain = engine.decide(program, facts.as_bytes(), as_of, TraceLevel::None);
    let mut full = engine.decide(program, facts.as_bytes(), as_of, TraceLevel::Full);
    assert!(full.trace.take().is_some());
    assert_eq!(plain, full);
    plain
}

/// A JSON answer of the suites as one of our values; numbers from their text.
fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Missing,
        Json::Bool(truth) => Value::Boolean(*truth),
        Json::String(text) => Value::Text(text.clone()),
        Json::Number(number) => Value::Decimal(parse_decimal(number.to_string()).unwrap()),
        Json::Object(number) if number.contains_key("num") => {
            Value::Decimal(parse_decimal(number["num"].as_str().unwrap()).unwrap())
        }
        Json::Array(values) => Value::List(values.iter().map(value).collect()),
        Json::Object(fields) => Value::Record(fields.iter().map(|(name, json)| (name.clone(), value(json))).collect()),
    }
}

/// The answer as the suites give it: one value, a record of several, or a list of either.
fn answer(decision: &Decision, names: &[String]) -> Value {
    let outputs = decision.outputs.as_ref().unwrap_or_else(|| panic!("{:?}", decision.error));
    let row = |values: Vec<Value>| -> Value {
        match <[Value; 1]>::try_from(values) {
            Ok([only]) => only,
            Err(values) if values.iter().all(|value| *value == Value::Missing) => Value::Missing,
            Err(values) => Value::Record(names.iter().cloned().zip(values).collect()),
        }
    };
    let columns: Vec<&Value> = outputs.iter().map(|output| &output.value).collect();
    match columns.first().unwrap() {
        Value::List(first) => {
            let list = |column: &Value| match column {
                Value::List(values) => values.clone(),
                other => panic!("{other:?}"),
            };
            let columns: Vec<Vec<Value>> = columns.iter().map(|column| list(column)).collect();
            Value::List(
                (0..first.len()).map(|n| row(columns.iter().map(|column| column[n].clone()).collect())).collect(),
            )
        }
        _ => row(columns.into_iter().cloned().collect()),
    }
}

fn hit_policy(policy: &str, aggregation: Option<&str>) -> String {
    match (policy, aggregation) {
        ("COLLECT", None) => "collect(list)".to_owned(),
        ("COLLECT", Some(aggregation)) => format!("collect({})", aggregation.to_lowercase()),
        (policy, _) => policy.to_lowercase().replace(' ', "_"),
    }
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_owned()).collect()
}

#[test]
fn tables_of_the_dmn_tck() {
    let mut passed = 0;
    for model in published("tck_tables.json") {
        let [decision] = model["decisions"].as_array().unwrap().as_slice() else { panic!() };
        let table = &decision["table"];
        let input_type = |input: &Json| match (input["type"].as_str(), input["allowed"].as_str()) {
            (Some("number"), _) => "type = \"integer\"".to_owned(),
            (Some("boolean"), _) => "type = \"boolean\"".to_owned(),
            (_, Some(values)) => format!("type = \"enum\", values = [{values}]"),
            other => panic!("{other:?}"),
        };
        let numbers =
            table["rules"].as_array().unwrap().iter().all(|rule| !rule["out"][0].as_str().unwrap().starts_with('"'));
        let output_type = |output: &Json| match output["allowed"].as_str() {
            Some(values) => format!("type = \"enum\", values = [{values}]"),
            None if numbers => "type = \"decimal\", scale = 2".to_owned(),
            None => "type = \"text\"".to_owned(),
        };
        let rows = table["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| [strings(&rule["in"]), strings(&rule["out"])].concat());
        let program = Table {
            hit: hit_policy(table["hit_policy"].as_str().unwrap(), table["aggregation"].as_str()),
            inputs: table["inputs"].as_array().unwrap().iter().map(input_type).collect(),
            outputs: table["outputs"].as_array().unwrap().iter().map(output_type).collect(),
            rows: rows.collect(),
        }
        .load()
        .unwrap();
        let outputs = table["outputs"].as_array().unwrap();
        let names: Vec<String> =
            outputs.iter().map(|output| output["name"].as_str().unwrap_or("").to_owned()).collect();
        for case in model["cases"].as_array().unwrap() {
            let facts = table["inputs"].as_array().unwrap().iter().zip(0..).map(|(input, n)| {
                let given = &case["inputs"][input["expr"].as_str().unwrap()];
                let text = given["num"].as_str().map_or_else(|| given.to_string(), str::to_owned);
                format!("\"in{n}\":{text}")
            });
            let found = decide(&program, &format!("{{{}}}", facts.collect::<Vec<_>>().join(",")));
            let expected = value(&case["results"][0]["expected"]);
            assert_eq!(answer(&found, &names), expected, "{} {}", model["test"], case["id"]);
            passed += 1;
        }
    }
    assert_eq!(passed, 27);
}

#[test]
fn hit_policies_of_camunda() {
    let (mut passed, mut refused) = (0, 0);
    for case in published("camunda_hit_policies.json") {
        let outputs = case["outputs"].as_array().unwrap();
        let columns = usize::try_from(case["output_columns"].as_u64().unwrap()).unwrap();
        let numbers = outputs.iter().any(Json::is_number);
        let output = if numbers { "type = \"decimal\", scale = 3" } else { "type = \"text\"" };
        let row = |n: usize| {
            let inputs = (0..3).map(|input| if input == n { "true" } else { "-" }.to_owned());
            inputs.chain((0..columns).map(|_| outputs[n].to_string())).collect()
        };
        let mixed = numbers && !outputs.iter().all(Json::is_number);
        let table = Table {
            hit: hit_policy(case["hit_policy"].as_str().unwrap(), case["aggregation"].as_str()),
            inputs: vec!["type = \"boolean\"".to_owned(); 3],
            // What is not a number in one column makes it a column of texts, and that is not aggregated either.
            outputs: vec![if mixed { "type = \"text\"" } else { output }.to_owned(); columns],
            rows: if mixed {
                vec![vec!["-".into(), "-".into(), "-".into(), "\"c\"".into()]]
            } else {
                (0..3).map(row).collect()
            },
        };
        let error = case["error"].as_str().map(|error| error.split(' ').next().unwrap());
        if let Some("DMN-03003" | "DMN-03004") = error {
            assert_eq!(table.load().unwrap_err(), [TABLE_HIT_POLICY], "{case}");
            refused += 1;
            continue;
        }
        let facts: Vec<String> =
            (0..3).map(|n| format!("\"in{n}\":{}", case["inputs"][format!("input{}", n + 1)])).collect();
        let found = decide(&table.load().unwrap(), &format!("{{{}}}", facts.join(",")));
        let code = found.error.as_ref().map(|error| error.code);
        match error {
            Some("DMN-03001") => assert_eq!(code, Some(UNIQUE_VIOLATED), "{case}"),
            Some("DMN-03002") => assert_eq!(code, Some(ANY_VIOLATED), "{case}"),
            Some(other) => panic!("{other}"),
            None => {
                let names: Vec<String> = (1..=columns).map(|n| format!("out{n}")).collect();
                assert_eq!(answer(&found, &names), value(&case["expected"]), "{case}");
            }
        }
        passed += 1;
    }
    // Aggregations over several outputs or over something else than numbers do not load.
    assert_eq!((passed, refused), (41, 11));
}
