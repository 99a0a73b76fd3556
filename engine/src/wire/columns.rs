//! The header of a batch of columns: what stands where. The layout is described in `ABI.md`.

use super::input::columns::{ALIGNMENT, ColumnReader, Described, Kind};
use super::input::suggest;
use super::json::{Json, push_pointer};
use crate::schema::{DataType, Fact};
use crate::value::decimal::MAX_SCALE;

/// Rows that one batch has at most: what their answers take stays within 32-bit addresses.
const ROWS_MAX: usize = 1 << 20;

/// A batch whose parts were found.
#[derive(Clone, Debug)]
pub(super) struct Batch<'p, 'b> {
    pub(super) rows: usize,
    pub(super) columns: ColumnReader<'p, 'b>,
}

/// What is wrong with a header: a JSON pointer and words.
type Wrong = (String, String);

/// Reads the header; `body` begins behind its line feed, which is at `start` of the request.
#[inline(never)]
pub(super) fn read_header<'p, 'b>(
    header: &Json<'_>,
    facts: &'p [Fact],
    body: &'b [u8],
    start: usize,
) -> Result<Batch<'p, 'b>, Wrong> {
    let rows = count(header, "rows", "").map_err(|why| ("/rows".to_owned(), why))?.filter(|rows| *rows <= ROWS_MAX);
    let rows = rows.ok_or_else(|| ("/rows".to_owned(), format!("`rows` is a number from 0 to {ROWS_MAX}")))?;
    if !start.is_multiple_of(ALIGNMENT) {
        let why =
            format!("the columns begin at {start}, which is no multiple of {ALIGNMENT}; add blanks to the header");
        return Err((String::new(), why));
    }
    let Some(Json::Array(entries)) = header.get("columns") else {
        return Err(("/columns".to_owned(), "`columns` is an array with one object per column".to_owned()));
    };
    let mut described = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        described.push(column(entry, facts).map_err(|(key, why)| (pointer(index, &key), why))?);
    }
    let columns = ColumnReader::new(facts, &described, rows, body).map_err(|(index, why)| (pointer(index, ""), why))?;
    Ok(Batch { rows, columns })
}

fn pointer(index: usize, key: &str) -> String {
    let mut pointer = format!("/columns/{index}");
    if !key.is_empty() {
        push_pointer(&mut pointer, key);
    }
    pointer
}

fn column(entry: &Json<'_>, facts: &[Fact]) -> Result<Described, (String, String)> {
    const KNOWN: [&str; 6] = ["fact", "kind", "scale", "values", "texts", "validity"];
    let Json::Object(entries) = entry else {
        return Err((String::new(), "a column is an object".to_owned()));
    };
    if let Some((key, _)) = entries.iter().find(|(key, _)| !KNOWN.contains(&key.as_ref())) {
        return Err((key.to_string(), format!("unknown field; a column has `{}`", KNOWN.join("`, `"))));
    }
    let name = text(entry, "fact")?;
    let Some((fact, of)) = facts.iter().enumerate().find(|(_, fact)| fact.input_key() == name) else {
        let hint = suggest(facts, name).map(|hint| format!("; {hint}")).unwrap_or_default();
        return Err(("fact".to_owned(), format!("no fact is read from `{name}`{hint}")));
    };
    let kind = text(entry, "kind")?;
    let kind = Kind::named(kind).filter(|kind| kind.carries(&of.spec.data_type)).ok_or_else(|| {
        ("kind".to_owned(), format!("`{kind}` does not carry what `{name}` is; see the table of kinds in ABI.md"))
    })?;
    let place = |key: &str| count(entry, key, " of bytes").map_err(|why| (key.to_owned(), why));
    let needed = |key: &str| place(key)?.ok_or_else(|| (key.to_owned(), format!("`{key}` is required")));
    let scale = place("scale")?.unwrap_or(0);
    let scale = u32::try_from(scale).ok().filter(|scale| *scale <= MAX_SCALE);
    let scale = scale.ok_or_else(|| ("scale".to_owned(), format!("`scale` is a number from 0 to {MAX_SCALE}")))?;
    if scale != 0 && !matches!((&of.spec.data_type, kind), (DataType::Decimal { .. }, Kind::I64 | Kind::I128)) {
        return Err(("scale".to_owned(), "only mantissas of decimals have a scale".to_owned()));
    }
    let texts = if matches!(kind, Kind::Text | Kind::Json) { needed("texts")? } else { 0 };
    Ok(Described { fact, kind, scale, values: needed("values")?, texts, validity: place("validity")? })
}

fn text<'j>(entry: &'j Json<'_>, key: &str) -> Result<&'j str, (String, String)> {
    match entry.get(key) {
        Some(Json::Text(text)) => Ok(text.as_ref()),
        _ => Err((key.to_owned(), format!("`{key}` is required, as a text"))),
    }
}

/// A number without sign, if it is there.
fn count(entry: &Json<'_>, key: &str, unit: &str) -> Result<Option<usize>, String> {
    match entry.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Number(text)) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(format!("`{key}` is a number{unit} without sign and fraction")),
        },
        Some(_) => Err(format!("`{key}` is a number{unit} without sign and fraction")),
    }
}
