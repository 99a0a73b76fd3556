//! How a run ends.

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// The exit status of a run that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 0
    Done,
    /// 1: an operational failure, or a decision that ended in an error.
    Failed,
    /// 2: the ruleset (or the header of a portfolio) has errors.
    Refused,
    /// 3: tests failed.
    TestsFailed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Failed => 1,
            Status::Refused => 2,
            Status::TestsFailed => 3,
        })
    }
}

/// Why a run ended early.
#[derive(Debug)]
pub enum Failure {
    /// Whoever reads stdout has gone.
    ReaderGone,
    /// It has been reported already.
    Told(Status),
    /// To be reported; exit status 1.
    Message {
        /// What went wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
}

impl Failure {
    /// A failure to be reported.
    pub fn new(message: impl Into<String>) -> Self {
        Self::Message { message: message.into(), help: None }
    }

    /// Adds what to do about it.
    pub fn with_help(self, advice: impl Into<String>) -> Self {
        match self {
            Self::Message { message, .. } => Self::Message { message, help: Some(advice.into()) },
            other => other,
        }
    }

    /// A failure of the file system, with the path and advice.
    pub fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        let advice = match error.kind() {
            io::ErrorKind::NotFound => "check the spelling of the path; it is taken relative to the current directory",
            io::ErrorKind::PermissionDenied => "ask for access to it, or choose another place",
            io::ErrorKind::IsADirectory => "name a file, not a directory",
            io::ErrorKind::AlreadyExists => "choose another name, or remove what is there",
            io::ErrorKind::StorageFull => "make room on the disk",
            _ => "see that the file and its disk are in order",
        };
        Self::new(format!("cannot {doing} `{}`: {}", path.display(), words(error))).with_help(advice)
    }
}

/// What an error of the operating system says, without its number.
fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "access is denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::AlreadyExists => "it exists already".to_owned(),
        _ => error.to_string(),
    }
}

/// Writing to stdout failed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::new(format!("cannot write to stdout: {}", words(&error))),
        }
    }
}

/// `1,234,567`
pub fn grouped(number: impl Display) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && whole.len().saturating_sub(index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, text) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567.891", "-1,234,567.891")] {
            assert_eq!(grouped(number), text);
        }
    }
}
