//! `trutina decide`

use std::io::Write as _;

use trutina_engine::engine::Decider;
use trutina_engine::wire::canonical::write_decision;
use trutina_engine::wire::input::FACTS_LIMITS;
use trutina_engine::wire::json;

use crate::args::{Decide, Format, Trace};
use crate::failure::{Failure, Status};
use crate::files;

/// Decides one record, or one per line.
pub fn run(decide: &Decide, format: Format) -> Result<Status, Failure> {
    let (program, _, _) = files::load_program(&decide.ruleset, format)?;
    let facts = files::read_facts(&decide.facts)?;
    let level = Trace::level(decide.trace);
    let mut decider = Decider::new(&program);
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    let mut status = Status::Done;
    let mut line = Vec::new();
    for record in records(&facts) {
        let decision = decider.decide_json(record, decide.as_of, level);
        if decision.error.is_some() {
            status = Status::Failed;
        }
        line.clear();
        write_decision(&decision, &mut line);
        line.push(b'\n');
        stdout.write_all(&line)?;
    }
    stdout.flush()?;
    Ok(status)
}

/// The records of a text: its lines if one of the first two is a JSON document of its own, else the whole text.
///
/// So one object may be written over many lines, and a bad line among good ones stays one bad record.
fn records(facts: &[u8]) -> Vec<&[u8]> {
    let text = facts.trim_ascii();
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    let is_document = |bytes: &[u8]| json::read(bytes, FACTS_LIMITS).is_ok();
    if lines.len() > 1 && !is_document(text) && lines.iter().any(|line| is_object(line) && is_document(line)) {
        return lines;
    }
    vec![text]
}

fn is_object(line: &[u8]) -> bool {
    line.trim_ascii().starts_with(b"{")
}

#[cfg(test)]
mod tests {
    use super::records;

    #[test]
    fn lines_are_records_if_they_stand_alone() {
        assert_eq!(records(b"{\"a\":1}\n").len(), 1);
        assert_eq!(records(b"{\"a\":\n{}\n}").len(), 1);
        assert_eq!(records(b"{\"a\":1}\n{\"a\":2}\n").len(), 2);
        assert_eq!(records(b"{\"a\":1\n{\"a\":2}\n\n{\"a\":2}").len(), 4);
        assert_eq!(records(b"{\n\"a\": x\n}").len(), 1);
        assert_eq!(records(b"").len(), 1);
    }
}
