//! Scorecards, scales, tables and matrices as `ruleset.toml` names them.

use rust_decimal::Decimal;

use super::super::names::check_name;
use super::super::sink::suggestion;
use super::super::toml::{Located, Node, Reader, Section};
use super::types::{self, Role};
use crate::diagnostic::Span;
use crate::diagnostic::codes::BAD_VALUE;
use crate::ruleset::{Aggregation, BaselineMethod, HitPolicy, NoMatch, ReasonCodeAlgorithm, ReasonSettings};
use crate::schema::{DataType, Output};

/// The file of an artefact and where it is named.
#[derive(Clone, Debug)]
pub(in super::super) struct ArtefactFile {
    pub(in super::super) path: String,
    pub(in super::super) span: Span,
}

/// What every artefact's section says: its name, its file, and where it is declared.
#[derive(Clone, Debug)]
pub(in super::super) struct Named {
    pub(in super::super) name: String,
    pub(in super::super) file: Option<ArtefactFile>,
    pub(in super::super) span: Span,
}

/// How points are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Points {
    /// As the figures are.
    Inferred,
    /// All integers.
    Integer,
    /// Decimals; `None`: with the largest scale of the file.
    Decimal(Option<u8>),
}

/// `[scorecards.name]`
#[derive(Clone, Debug)]
pub(in super::super) struct CardSettings {
    pub(in super::super) named: Named,
    pub(in super::super) initial_score: Located<Decimal>,
    pub(in super::super) points: Points,
    pub(in super::super) reasons: ReasonSettings,
}

/// `[scales.name]`
#[derive(Clone, Debug)]
pub(in super::super) struct ScaleSettings {
    pub(in super::super) named: Named,
    pub(in super::super) outputs: Vec<Output>,
}

/// `[tables.name]` or `[matrices.name]`
#[derive(Clone, Debug)]
pub(in super::super) struct TableSettings {
    pub(in super::super) named: Named,
    pub(in super::super) matrix: bool,
    pub(in super::super) hit_policy: HitPolicy,
    pub(in super::super) inputs: Vec<String>,
    pub(in super::super) outputs: Vec<Output>,
    pub(in super::super) no_match: NoMatch,
}

/// Columns that a table's file may have beside its inputs and outputs.
pub(in super::super) const TABLE_COLUMNS: [&str; 5] = ["id", "reason", "valid_from", "valid_until", "note"];

type Artefacts = (Vec<CardSettings>, Vec<ScaleSettings>, Vec<TableSettings>);

pub(super) fn read(reader: &mut Reader<'_>, root: &mut Section<'_>) -> Artefacts {
    let mut files = Vec::new();
    let scorecards = each(reader, root, "scorecards", "a scorecard", &mut files, scorecard);
    let scales = each(reader, root, "scales", "a scale", &mut files, scale);
    let mut tables = each(reader, root, "tables", "a table", &mut files, table);
    tables.extend(each(reader, root, "matrices", "a matrix", &mut files, matrix));
    (scorecards, scales, tables)
}

/// Reads every section under `key` with `read`.
fn each<'t, T>(
    reader: &mut Reader<'_>,
    root: &mut Section<'t>,
    key: &'static str,
    what: &str,
    files: &mut Vec<ArtefactFile>,
    read: fn(&mut Reader<'_>, &mut Section<'t>, Named) -> T,
) -> Vec<T> {
    let Some(section) = reader.inner(root, key) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, node) in reader.entries(&section) {
        let sound = check_name(name.value, what, name.span, reader.sink);
        let Some(mut inner) = reader.as_section(node, &format!("{key}.{}", name.value), name.span) else { continue };
        let file = file(reader, &mut inner, files);
        let named = Named { name: name.value.to_owned(), file, span: name.span };
        let artefact = read(reader, &mut inner, named);
        reader.close(inner);
        if sound {
            found.push(artefact);
        }
    }
    found
}

fn file(reader: &mut Reader<'_>, section: &mut Section<'_>, files: &mut Vec<ArtefactFile>) -> Option<ArtefactFile> {
    let text = reader.required_text(section, "file", "name the file: `file = \"application.scorecard.csv\"`")?;
    let path = text.value;
    let outside = path.split('/').any(|part| matches!(part, "" | "." | "..")) || path.contains(['\\', ':', '\0']);
    if outside {
        let message = format!("`{path}` is no path within the ruleset");
        reader.error(BAD_VALUE, text.span, message, "name a file of the ruleset's directory, with `/` between folders");
        return None;
    }
    if let Some(other) = files.iter().find(|other| other.path == path) {
        let found =
            crate::diagnostic::Diagnostic::new(BAD_VALUE, text.span, format!("a second artefact reads `{path}`"));
        let first = other.span;
        reader.sink.push(found.with_help("each artefact has a file of its own").with_related(first, "first here"));
        return None;
    }
    let file = ArtefactFile { path: path.to_owned(), span: text.span };
    files.push(file.clone());
    Some(file)
}

fn scorecard(reader: &mut Reader<'_>, section: &mut Section<'_>, named: Named) -> CardSettings {
    let initial = reader.node(section, "initial_score").and_then(|node| {
        let value = types::decimal(reader, node, "`initial_score`")?;
        Some(Located { value, span: reader.span(node.span()) })
    });
    let initial_score = initial.unwrap_or(Located { value: Decimal::ZERO, span: named.span });
    let points = points(reader, section);
    let reasons = reasons(reader, section);
    CardSettings { named, initial_score, points, reasons }
}

fn points(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Points {
    let Some(mut points) = reader.inner(section, "points") else { return Points::Inferred };
    let types = [("integer", false), ("decimal", true)];
    let is_decimal = reader.choice(&mut points, "type", &types);
    let found = match is_decimal {
        Some(true) if reader.node(&mut points, "scale").is_some() => Points::Decimal(types::scale(reader, &mut points)),
        Some(true) => Points::Decimal(None),
        Some(false) => {
            reader.refuse(&mut points, "scale", "has no meaning for integer points", "write `type = \"decimal\"`");
            Points::Integer
        }
        None => {
            let _ = reader.node(&mut points, "scale");
            if reader.node(&mut points, "type").is_none() {
                reader.missing(&points, "type", "write `points = { type = \"integer\" }`");
            }
            Points::Inferred
        }
    };
    reader.close(points);
    found
}

fn reasons(reader: &mut Reader<'_>, section: &mut Section<'_>) -> ReasonSettings {
    let mut settings = ReasonSettings {
        algorithm: ReasonCodeAlgorithm::PointsBelow,
        baseline: BaselineMethod::Max,
        most: 4,
        keep_zero: false,
    };
    let Some(mut reasons) = reader.inner(section, "reasons") else { return settings };
    let algorithms =
        [("points_below", ReasonCodeAlgorithm::PointsBelow), ("points_above", ReasonCodeAlgorithm::PointsAbove)];
    if let Some(algorithm) = reader.choice(&mut reasons, "algorithm", &algorithms) {
        settings.algorithm = algorithm;
    }
    let baselines = [
        ("max", BaselineMethod::Max),
        ("min", BaselineMethod::Min),
        ("mean", BaselineMethod::Mean),
        ("given", BaselineMethod::Given),
    ];
    if let Some(baseline) = reader.choice(&mut reasons, "baseline", &baselines) {
        settings.baseline = baseline;
    }
    if let Some(most) = reader.integer(&mut reasons, "most") {
        match u32::try_from(most.value) {
            Ok(number) => settings.most = number,
            Err(_) => reader.error(
                BAD_VALUE,
                most.span,
                format!("at most {} reasons", most.value),
                "write a number from 0, such as 4",
            ),
        }
    }
    if let Some(keep) = reader.choice(&mut reasons, "zero", &[("drop", false), ("keep", true)]) {
        settings.keep_zero = keep;
    }
    reader.close(reasons);
    settings
}

fn scale(reader: &mut Reader<'_>, section: &mut Section<'_>, named: Named) -> ScaleSettings {
    let outputs =
        columns(reader, section, "say what a band yields: `outputs = { grade = { type = \"enum\", values = [...] } }`");
    for output in &outputs {
        if ["from", "to"].contains(&output.name.as_str()) {
            let message = format!("an output of a scale cannot be called `{}`", output.name);
            reader.error(BAD_VALUE, output.span, message, "`from` and `to` are the ends of a band");
        }
    }
    ScaleSettings { named, outputs }
}

fn columns(reader: &mut Reader<'_>, section: &mut Section<'_>, help: &str) -> Vec<Output> {
    if reader.node(section, "outputs").is_none() {
        reader.missing(section, "outputs", help);
    }
    let Some(inner) = reader.inner(section, "outputs") else { return Vec::new() };
    let outputs = super::outputs(reader, &inner);
    if reader.entries(&inner).is_empty() {
        reader.error(BAD_VALUE, inner.span, "no outputs", help);
    }
    outputs
}

fn table(reader: &mut Reader<'_>, section: &mut Section<'_>, named: Named) -> TableSettings {
    let policies = [
        ("unique", HitPolicy::Unique),
        ("any", HitPolicy::Any),
        ("priority", HitPolicy::Priority),
        ("first", HitPolicy::First),
        ("rule_order", HitPolicy::RuleOrder),
        ("output_order", HitPolicy::OutputOrder),
        ("collect(list)", HitPolicy::Collect(Aggregation::List)),
        ("collect(sum)", HitPolicy::Collect(Aggregation::Sum)),
        ("collect(min)", HitPolicy::Collect(Aggregation::Min)),
        ("collect(max)", HitPolicy::Collect(Aggregation::Max)),
        ("collect(count)", HitPolicy::Collect(Aggregation::Count)),
    ];
    let hit_policy = reader.choice(section, "hit", &policies).unwrap_or(HitPolicy::Unique);
    let inputs = inputs(reader, section);
    let outputs =
        columns(reader, section, "say what a row yields: `outputs = { limit = { type = \"decimal\", scale = 2 } }`");
    let no_match = no_match(reader, section);
    TableSettings { named, matrix: false, hit_policy, inputs, outputs, no_match }
}

fn no_match(reader: &mut Reader<'_>, section: &mut Section<'_>) -> NoMatch {
    let choices = [("error", NoMatch::Error), ("missing", NoMatch::Missing), ("default", NoMatch::Default)];
    reader.choice(section, "no_match", &choices).unwrap_or(NoMatch::Error)
}

fn inputs(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Vec<String> {
    if reader.node(section, "inputs").is_none() {
        reader.missing(
            section,
            "inputs",
            "name the input columns in the order of the arguments: `inputs = [\"grade\", \"amount\"]`",
        );
    }
    let mut names: Vec<String> = Vec::new();
    let given = reader.texts(section, "inputs");
    if given.as_ref().is_some_and(Vec::is_empty) {
        let span = reader.key_span(section, "inputs");
        reader.error(BAD_VALUE, span, "a table without inputs", "name at least one column");
    }
    for input in given.unwrap_or_default() {
        if TABLE_COLUMNS.contains(&input.value) {
            let message = format!("an input column cannot be called `{}`", input.value);
            let help = "`id`, `reason`, `valid_from`, `valid_until` and `note` are columns of every table";
            reader.error(BAD_VALUE, input.span, message, help);
        } else if names.iter().any(|name| name == input.value) {
            reader.error(BAD_VALUE, input.span, format!("a second input `{}`", input.value), "name each input once");
        } else if check_name(input.value, "an input column", input.span, reader.sink) {
            names.push(input.value.to_owned());
        }
    }
    names
}

fn matrix(reader: &mut Reader<'_>, section: &mut Section<'_>, named: Named) -> TableSettings {
    let inputs = inputs(reader, section);
    if reader.node(section, "inputs").is_some() && inputs.len() != 2 {
        let at = reader.key_span(section, "inputs");
        let message = format!("a matrix with {} inputs", inputs.len());
        reader.error(BAD_VALUE, at, message, "a matrix has two: that of its rows, then that of its columns");
    }
    let outputs = match reader.node(section, "output") {
        Some(node) => cell(reader, node).into_iter().collect(),
        None => {
            reader.missing(section, "output", "say what a cell holds: `output = { type = \"decimal\", scale = 2 }`");
            Vec::new()
        }
    };
    let no_match = no_match(reader, section);
    if no_match == NoMatch::Default {
        let at = reader.key_span(section, "no_match");
        reader.error(BAD_VALUE, at, "a matrix has no default row", suggestion("default", ["error", "missing"]));
    }
    TableSettings { named, matrix: true, hit_policy: HitPolicy::Unique, inputs, outputs, no_match }
}

/// The one output of a matrix, which is called `value`.
fn cell(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Output> {
    let span = reader.span(node.span());
    let mut section = reader.as_section(node, "output", span)?;
    let data_type: Option<DataType> = types::plain_type(reader, &mut section, Role::Output);
    let optional = reader.boolean(&mut section, "optional").unwrap_or_default();
    reader.close(section);
    Some(Output { name: "value".to_owned(), data_type: data_type?, optional, span })
}
