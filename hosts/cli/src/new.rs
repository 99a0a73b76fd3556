//! `trutina new`

use std::path::Path;

use crate::args::New;
use crate::failure::{Failure, Status};
use crate::report;

/// The files of a new ruleset; `{{id}}` stands for its id.
const FILES: [(&str, &str); 9] = [
    ("ruleset.toml", include_str!("../template/ruleset.toml")),
    ("rules.rhai", include_str!("../template/rules.rhai")),
    ("application.scorecard.csv", include_str!("../template/application.scorecard.csv")),
    ("master.scale.csv", include_str!("../template/master.scale.csv")),
    ("limit.table.csv", include_str!("../template/limit.table.csv")),
    ("reasons.csv", include_str!("../template/reasons.csv")),
    ("cases/first.json", include_str!("../template/cases/first.json")),
    ("applicants.csv", include_str!("../template/applicants.csv")),
    ("README.md", include_str!("../template/README.md")),
];

/// Writes a new ruleset into a directory that is empty or does not exist.
pub fn run(new: &New) -> Result<Status, Failure> {
    let directory = new.dir.as_path();
    if let Ok(mut entries) = std::fs::read_dir(directory)
        && entries.next().is_some()
    {
        return Err(Failure::new(format!("`{}` is not empty", directory.display()))
            .with_help("name a directory that does not exist yet"));
    }
    let id = id_of(directory);
    for (path, text) in FILES {
        let target = directory.join(path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Failure::file("make the directory", parent, &error))?;
        }
        std::fs::write(&target, text.replace("{{id}}", &id))
            .map_err(|error| Failure::file("write", &target, &error))?;
    }
    let shown = directory.display();
    report::note(&format!(
        "made the ruleset `{id}` in {shown}; try it:\n  trutina check {shown}\n  trutina test {shown}"
    ));
    Ok(Status::Done)
}

/// An id made of the directory's name: lower-case letters, digits and hyphens, a letter first.
fn id_of(directory: &Path) -> String {
    let name = directory.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let mut id = String::new();
    for character in name.chars() {
        match character.to_ascii_lowercase() {
            letter @ 'a'..='z' => id.push(letter),
            digit @ '0'..='9' if !id.is_empty() => id.push(digit),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() { "first-ruleset".to_owned() } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::id_of;

    #[test]
    fn ids_are_made_of_names() {
        for (path, id) in
            [("a/My Rules 2", "my-rules-2"), ("规则", "first-ruleset"), ("9x_", "x"), ("..", "first-ruleset")]
        {
            assert_eq!(id_of(Path::new(path)), id, "{path}");
        }
    }
}
