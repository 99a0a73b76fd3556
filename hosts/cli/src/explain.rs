//! `trutina explain`

use std::io::Write as _;

use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Decider;
use trutina_engine::wire::words::{self, Language};

use crate::args::{Explain, Format, Lang};
use crate::failure::{Failure, Status};
use crate::files;
use crate::table::printable;

/// Decides one customer and says the decision in words.
pub fn run(explain: &Explain, format: Format) -> Result<Status, Failure> {
    let (program, _, _) = files::load_program(&explain.ruleset, format)?;
    let facts = files::read_facts(&explain.facts)?;
    let language = match explain.lang {
        Lang::En => Language::English,
        Lang::Zh => Language::Chinese,
    };
    let decision = Decider::new(&program).decide_json(&facts, explain.as_of, TraceLevel::Reasons);
    let mut stdout = std::io::stdout().lock();
    for line in words::explain(&program, &decision, language).lines() {
        writeln!(stdout, "{}", printable(line))?;
    }
    Ok(if decision.error.is_some() { Status::Failed } else { Status::Done })
}
