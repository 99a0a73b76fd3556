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
    let mut decider = Decider::new(&program);
    let decision = decider.decide_json(&facts, explain.as_of, TraceLevel::Reasons);
    let changes = decider.changes_json(&facts, explain.as_of);
    let mut text = words::explain(&program, &decision, language);
    text.push_str(&words::explain_changes(&program, &changes, language));
    let mut stdout = std::io::stdout().lock();
    for line in text.lines() {
        writeln!(stdout, "{}", printable(line))?;
    }
    Ok(if decision.error.is_some() { Status::Failed } else { Status::Done })
}
