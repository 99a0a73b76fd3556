//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use trutina_engine::decision::TraceLevel;
use trutina_engine::value::date::{Date, ParseDateError};

/// Rules, scorecards and decision tables for banks: exact, typed, explained.
#[derive(Debug, Parser)]
#[command(name = "trutina", disable_version_flag = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub verb: Verb,
    /// How diagnostics are shown: annotated source on stderr, or one JSON array on stdout
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Write a small ruleset that passes `check` and `test`
    New(New),
    /// Load a ruleset and say what is wrong or doubtful in it
    Check(Check),
    /// Decide one customer, or one per line, as decision records
    Decide(Decide),
    /// Decide a portfolio, from file to file
    Batch(Batch),
    /// Run a ruleset's own cases
    Test(Test),
    /// Say a decision in words
    Explain(Explain),
    /// Show what a ruleset takes, gives, and what depends on what
    Inspect(Inspect),
    /// Pack a ruleset with its compiled program into one file that every host loads
    Pack(Pack),
    /// Versions of the program, of the ruleset language and of the record
    Version,
}

/// The ruleset a verb is about.
#[derive(Debug, Args)]
pub struct Source {
    /// A directory with `ruleset.toml`, a bundle, or a single `.rhai` file
    #[arg(value_name = "RULESET")]
    pub ruleset: PathBuf,
    /// Take a bundle only if it has this digest, or is signed with the key in this file
    #[arg(long, value_name = "KEYFILE|sha256:...")]
    pub trust: Vec<String>,
}

impl Source {
    /// As the author named it.
    pub fn display(&self) -> std::path::Display<'_> {
        self.ruleset.display()
    }
}

#[derive(Debug, Args)]
pub struct New {
    /// The directory to make
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub ruleset: Source,
    /// Refuse a ruleset that has findings of this kind
    #[arg(long, value_enum)]
    pub deny: Option<Deny>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    Warnings,
}

#[derive(Debug, Args)]
pub struct Decide {
    #[command(flatten)]
    pub ruleset: Source,
    /// Facts: one JSON object, or one per line (`-` reads stdin)
    #[arg(long)]
    pub facts: PathBuf,
    /// The date the decision speaks for, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = civil_date)]
    pub as_of: Date,
    /// Also say how each decision came about
    #[arg(long, value_enum)]
    pub trace: Option<Trace>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Trace {
    /// What counted
    Reasons,
    /// Also what did not, and why
    Full,
}

impl Trace {
    /// As the engine calls it.
    pub const fn level(trace: Option<Self>) -> TraceLevel {
        match trace {
            None => TraceLevel::None,
            Some(Self::Reasons) => TraceLevel::Reasons,
            Some(Self::Full) => TraceLevel::Full,
        }
    }
}

#[derive(Debug, Args)]
pub struct Batch {
    #[command(flatten)]
    pub ruleset: Source,
    /// The portfolio: a `.csv` or `.ndjson` file
    #[arg(long = "in", value_name = "FILE")]
    pub input: PathBuf,
    /// Where the decisions go: a `.csv` or `.ndjson` file
    #[arg(long = "out", value_name = "FILE")]
    pub output: PathBuf,
    /// The date the decisions speak for, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = civil_date)]
    pub as_of: Date,
    /// The column that names a customer (else rows are numbered from 1)
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// Columns to copy to the output
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub keep: Vec<String>,
    /// Columns that are no facts and are passed over
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// How many rows may end in an error before the run counts as failed; all are written anyhow
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub max_errors: u64,
    /// Threads (default: one per processor); the output does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// The encoding of the portfolio
    #[arg(long, value_enum, default_value_t = Encoding::Utf8)]
    pub encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Encoding {
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    #[value(name = "gb18030", alias = "gbk")]
    Gb18030,
}

#[derive(Debug, Args)]
pub struct Test {
    #[command(flatten)]
    pub ruleset: Source,
}

#[derive(Debug, Args)]
pub struct Explain {
    #[command(flatten)]
    pub ruleset: Source,
    /// Facts: one JSON object (`-` reads stdin)
    #[arg(long)]
    pub facts: PathBuf,
    /// The date the decision speaks for, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = civil_date)]
    pub as_of: Date,
    /// The language
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub lang: Lang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    #[value(name = "en")]
    En,
    #[value(name = "zh-CN", alias = "zh")]
    Zh,
}

#[derive(Debug, Args)]
pub struct Inspect {
    #[command(flatten)]
    pub ruleset: Source,
    /// Print the JSON Schema of the facts instead
    #[arg(long)]
    pub json_schema: bool,
}

#[derive(Debug, Args)]
pub struct Pack {
    #[command(flatten)]
    pub ruleset: Source,
    /// The bundle (with `--wasm`: the module) to write
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Sign it with this private key (Ed25519, as `openssl genpkey -algorithm ed25519` writes it)
    #[arg(long, value_name = "FILE", conflicts_with = "wasm")]
    pub key: Option<PathBuf>,
    /// Bake the bundle into a WebAssembly module of the engine: one file that decides, under the handle 1
    #[arg(long)]
    pub wasm: bool,
    /// The module to bake it into (default: `trutina-runtime.wasm` beside this program, or as `cargo xtask wasm` built it)
    #[arg(long, value_name = "FILE", requires = "wasm")]
    pub module: Option<PathBuf>,
}

/// Reads a date of the command line.
fn civil_date(text: &str) -> Result<Date, String> {
    Date::parse_iso(text).map_err(|error| match error {
        ParseDateError::Timestamp => "a civil date has no time: write YYYY-MM-DD".to_owned(),
        ParseDateError::NoSuchDay => "the calendar has no such day".to_owned(),
        ParseDateError::Notation | ParseDateError::Syntax => {
            "write it as YYYY-MM-DD, for example 2026-11-30".to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Arguments::command().debug_assert();
    }
}
