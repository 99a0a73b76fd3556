//! `trutina batch`: a portfolio from file to file, chunk by chunk, in the order of the input.

mod chunk;
mod columns;
mod input;
mod output;
mod pipeline;
mod summary;
mod worker;

use std::path::Path;
use std::time::Instant;

use trutina_engine::program::Program;
use trutina_engine::schema::DataType;
use trutina_engine::wire::input::{FACTS_LIMITS, FactsReader, RowReader};

use crate::args::{Batch, Format};
use crate::failure::{Failure, Status};
use crate::{files, report};

use columns::{Columns, judge, output_names};
use input::{CsvSource, NdjsonSource, Source};
use output::Sink;
use worker::{Plan, Reading, Writing, needs_quotes, write_cell};

/// Decides a portfolio.
pub fn run(batch: &Batch, format: Format) -> Result<Status, Failure> {
    let (from, to) = (kind(&batch.input)?, kind(&batch.output)?);
    if same_file(&batch.input, &batch.output) {
        return Err(Failure::new("the portfolio would be overwritten by its own decisions")
            .with_help("name another file under `--out`"));
    }
    if to == Kind::Ndjson && !batch.keep.is_empty() {
        return Err(Failure::new("decision records have no columns to copy `--keep` into")
            .with_help("write the decisions as CSV, or leave `--keep` away"));
    }
    let (program, _, _) = files::load_program(&batch.ruleset, format)?;
    let (source, reading, columns) = match from {
        Kind::Csv => match open_csv(batch, &program, format)? {
            Some(opened) => opened,
            None => return Ok(Status::Refused),
        },
        Kind::Ndjson => open_ndjson(batch, &program)?,
    };
    let mut plan = Plan {
        program: &program,
        as_of: batch.as_of,
        reading,
        writing: if to == Kind::Csv { Writing::Csv } else { Writing::Ndjson },
        columns,
        id: batch.id.clone(),
        keep: batch.keep.clone(),
        cells: enum_cells(&program),
        plain_reasons: !program.reasons.iter().any(|reason| needs_quotes(&reason.code)),
    };
    if from == Kind::Csv {
        (plan.id, plan.keep) = (None, Vec::new());
    }
    let started = Instant::now();
    let mut sink = Sink::create(&batch.output)?;
    if to == Kind::Csv {
        sink.write(&header(&output_names(batch, &program)))?;
    }
    let size = std::fs::metadata(&batch.input).map_or(0, |metadata| metadata.len());
    let tally = pipeline::run(&plan, source, &mut sink, threads(batch), size)?;
    sink.finish()?;
    for line in summary::lines(&program, &tally, batch.as_of, started.elapsed()) {
        report::note(&line);
    }
    report::note(&format!("\ndecisions: {}", batch.output.display()));
    Ok(if tally.errors > batch.max_errors { Status::Failed } else { Status::Done })
}

/// The kinds of portfolio files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Csv,
    Ndjson,
}

fn kind(path: &Path) -> Result<Kind, Failure> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => Ok(Kind::Csv),
        Some("ndjson" | "jsonl") => Ok(Kind::Ndjson),
        Some("parquet") => {
            Err(Failure::new(format!("`{}`: this version reads and writes no Parquet yet", path.display()))
                .with_help("use `.csv` or `.ndjson`"))
        }
        _ => Err(Failure::new(format!("`{}` is of no known kind", path.display()))
            .with_help("name a `.csv` or a `.ndjson` file")),
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

type Opened<'p> = (Source, Reading<'p>, Columns);

/// Opens a CSV portfolio. `None` if its header is refused, which has been reported.
fn open_csv<'p>(batch: &Batch, program: &'p Program, format: Format) -> Result<Option<Opened<'p>>, Failure> {
    let (source, header) = CsvSource::open(&batch.input, batch.encoding)?;
    let reader = RowReader::new(&program.facts, header.names.iter().map(String::as_str));
    match judge(batch, program, header) {
        Ok(columns) => {
            for fact in reader.absent().filter(|fact| !fact.spec.optional) {
                let key = fact.input_key();
                report::note(&format!(
                    "warning: there is no column for the required fact `{key}`: every row ends in an error"
                ));
            }
            Ok(Some((Source::Csv(source), Reading::Csv(reader), columns)))
        }
        Err((found, sources)) => {
            report::diagnostics(&found, &sources, format)?;
            report::note(&format!("no row of `{}` was decided: {}", batch.input.display(), report::tally(&found)));
            Ok(None)
        }
    }
}

fn open_ndjson<'p>(batch: &Batch, program: &'p Program) -> Result<Opened<'p>, Failure> {
    let others = batch.id.iter().chain(&batch.keep).chain(&batch.ignore).cloned();
    let reader = FactsReader::new(&program.facts, FACTS_LIMITS).passing_over(others);
    Ok((Source::Ndjson(NdjsonSource::open(&batch.input, batch.encoding)?), Reading::Ndjson(reader), Columns::default()))
}

fn threads(batch: &Batch) -> usize {
    match batch.threads {
        Some(threads) => usize::from(threads),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

fn header(names: &[&str]) -> Vec<u8> {
    let mut line = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        write_cell(&mut line, name);
    }
    line.push(b'\n');
    line
}

fn enum_cells(program: &Program) -> Vec<Vec<Vec<u8>>> {
    let cell = |text: &String| {
        let mut bytes = Vec::new();
        write_cell(&mut bytes, text);
        bytes
    };
    let cells = |data_type: &DataType| match data_type {
        DataType::Enum(domain) => domain.values.iter().map(cell).collect(),
        _ => Vec::new(),
    };
    program.outputs.iter().map(|output| cells(&output.data_type)).collect()
}
