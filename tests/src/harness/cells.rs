//! One cell of a decision table as a ruleset of its own.

use serde_json::Value as Json;
use trutina_engine::parse::cells::parse_literal;
use trutina_engine::ruleset::CellValue;

use super::Files;

/// A ruleset whose one table has one row with this cell in a column of this type, and facts in which the column has this
/// value, `null` for missing. `held` is true if the row matches.
pub fn table(data_type: &str, cell: &str, value: &str) -> (Files, String) {
    let facts = match (value != "null").then(|| parse_literal(value).unwrap()) {
        Some(CellValue::Number(number)) => number.to_string(),
        Some(CellValue::Boolean(truth)) => truth.to_string(),
        Some(CellValue::Date(date)) => format!("\"{date}\""),
        Some(CellValue::Text(text) | CellValue::Word(text)) => Json::from(text.as_str()).to_string(),
        None => "null".to_owned(),
    };
    let manifest = format!(
        "language = 1\nid = \"cell\"\nversion = \"1.0.0\"\n[facts.v]\noptional = true\ntype = {data_type}\n\
         [outputs]\nheld = {{ type = \"boolean\", optional = true }}\n[tables.t]\nfile = \"t.table.csv\"\nhit = \"first\"\n\
         inputs = [\"v\"]\noutputs = {{ held = {{ type = \"boolean\" }} }}\nno_match = \"missing\"\n"
    );
    let table = format!("id,v,->held\nr,\"{}\",true\n", cell.replace('"', "\"\""));
    let rules = "fn decide(f, hits) { #{ held: table(\"t\", f.v).held } }";
    let files: Files = [("ruleset.toml", manifest.as_str()), ("t.table.csv", &table), ("rules.rhai", rules)]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into();
    (files, format!("{{\"v\":{facts}}}"))
}

/// The type of this value, or of the cell if the value is missing.
pub fn type_for(cell: &str, value: &str) -> &'static str {
    let literal = (value != "null").then(|| parse_literal(value).unwrap());
    match &literal {
        Some(CellValue::Number(_)) => DECIMAL,
        Some(CellValue::Boolean(_)) => "\"boolean\"",
        Some(CellValue::Date(_)) => "\"date\"",
        Some(CellValue::Text(_) | CellValue::Word(_)) => "\"text\"",
        None => type_of(cell),
    }
}

const DECIMAL: &str = "\"decimal\"\nscale = 6";

/// The type that a cell's first literal has.
pub fn type_of(cell: &str) -> &'static str {
    let first = cell.trim_start_matches("not(").trim_start();
    match first.chars().next() {
        Some('"') => "\"text\"",
        Some('t' | 'f') => "\"boolean\"",
        Some('d') => "\"date\"",
        _ => DECIMAL,
    }
}

/// The published cells whose values are read as they stand: cell and value.
pub fn published() -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for file in ["tck_cells.json", "feelin_cells.json"] {
        let path = format!("{}/data/published/{file}", env!("CARGO_MANIFEST_DIR"));
        let cases: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let text = |case: &Json, key: &str| case[key].as_str().unwrap().to_owned();
        cells.extend(cases.iter().map(|case| (text(case, "cell"), text(case, "value"))));
    }
    cells.retain(|(_, value)| value == "null" || parse_literal(value).is_ok());
    cells
}
