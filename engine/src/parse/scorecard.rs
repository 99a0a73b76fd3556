//! `*.scorecard.csv`: characteristics, their attributes and points.

use rust_decimal::Decimal;

use super::cells::{CellError, parse_literal};
use super::figures;
use super::manifest::{CardSettings, Points, is_whole, written_scale};
use super::names::{check_form, warn_of_oddity};
use super::sheet::{Cell, Column, Sheet, cell, row_span};
use super::sink::Sink;
use crate::diagnostic::codes::{
    BAD_NUMBER, BAD_VALUE, CARD_ATTRIBUTE, CARD_BASELINE, CARD_BASELINE_UNUSED, CSV_SPREADSHEET,
};
use crate::diagnostic::{FileId, Span};
use crate::ruleset::{Attribute, AttributePredicate, BaselineMethod, BoundText, CellValue, Characteristic, Scorecard};
use crate::value::decimal::rescale_exact;

/// The figures of a card with their places.
type Figures = Vec<(Decimal, Span)>;

/// Reads one card; rows with a mistake are left out. `None` if there are no rows to speak of.
pub(super) fn read(settings: &CardSettings, file: FileId, text: &str, sink: &mut Sink) -> Option<Scorecard> {
    let sheet = Sheet::read(file, text, sink)?;
    let known = [
        Column::required("characteristic"),
        Column::required("lower"),
        Column::required("upper"),
        Column::required("value"),
        Column::required("points"),
        Column::required("reason"),
        Column::optional("baseline"),
    ];
    let columns = sheet.columns(&known, sink)?;
    let figures = vec![(settings.initial_score.value, settings.initial_score.span)];
    let mut card = Card { characteristics: Vec::new(), figures, complete: sheet.complete };
    for row in &sheet.rows {
        card.row(row, &columns, sink);
    }
    if sheet.rows.is_empty() {
        sink.error_with(CARD_ATTRIBUTE, Span::at(file, 1, 1), "a card without rows", "add a row per attribute");
    }
    card.check_baselines(settings, &sheet, &columns, sink);
    let points_scale = points_scale(settings.points, &card.figures, sink);
    Some(Scorecard {
        name: settings.named.name.clone(),
        initial_score: settings.initial_score.value,
        points_scale,
        reasons: settings.reasons,
        characteristics: card.characteristics,
        complete: card.complete,
        span: settings.named.span,
    })
}

struct Card {
    characteristics: Vec<Characteristic>,
    figures: Figures,
    complete: bool,
}

impl Card {
    fn row(&mut self, row: &[Cell], columns: &[Option<usize>], sink: &mut Sink) {
        let [name, lower, upper, value, points, reason, baseline] = *columns else { return };
        let span = row_span(row);
        let name = match cell(row, name) {
            Some(name) => check_form(&name.text, "a characteristic", name.span(), sink).then(|| name.text.clone()),
            None => {
                let help = "name the characteristic in every row; nothing is filled down";
                sink.error_with(CARD_ATTRIBUTE, span, "a row without characteristic", help);
                None
            }
        };
        let predicate = predicate(cell(row, lower), cell(row, upper), cell(row, value), sink);
        let points = required_number(cell(row, points), "points", span, sink);
        let baseline_figure = cell(row, baseline).and_then(|given| Some((number(given, sink)?, given.span())));
        let reason = cell(row, reason).map(|reason| {
            warn_of_oddity(&reason.text, reason.span(), sink);
            reason.text.clone()
        });
        self.figures.extend(points.iter().chain(&baseline_figure).copied());
        let complete = predicate.is_some() && points.is_some();
        self.complete &= complete;
        let Some(characteristic) = name.and_then(|name| self.characteristic(name, span)) else {
            self.complete = false;
            return;
        };
        if let Some((figure, at)) = baseline_figure {
            if characteristic.baseline.is_some_and(|known| known != figure) {
                let message = format!("a second baseline for `{}`", characteristic.name);
                sink.error_with(
                    CARD_BASELINE,
                    at,
                    message,
                    "a characteristic has one baseline: repeat it or leave it blank",
                );
            }
            characteristic.baseline.get_or_insert(figure);
        }
        if let (Some(predicate), Some((partial_score, _))) = (predicate, points) {
            characteristic.attributes.push(Attribute { predicate, partial_score, reason, span });
        }
    }

    fn characteristic(&mut self, name: String, span: Span) -> Option<&mut Characteristic> {
        if !self.characteristics.iter().any(|known| known.name == name) {
            self.characteristics.push(Characteristic {
                name: name.clone(),
                attributes: Vec::new(),
                baseline: None,
                span,
            });
        }
        self.characteristics.iter_mut().find(|known| known.name == name)
    }

    /// `given` needs a figure per characteristic, the other methods need none.
    fn check_baselines(&self, settings: &CardSettings, sheet: &Sheet, columns: &[Option<usize>], sink: &mut Sink) {
        let place = columns.last().copied().flatten();
        if settings.reasons.baseline == BaselineMethod::Given {
            for characteristic in self.characteristics.iter().filter(|found| found.baseline.is_none()) {
                let message = format!("`{}` has no baseline", characteristic.name);
                let help = "with `baseline = \"given\"` the column `baseline` has one figure per characteristic";
                sink.error_with(CARD_BASELINE, characteristic.span, message, help);
            }
        } else if let Some(header) = place.and_then(|index| sheet.header.get(index)) {
            let help = "write `reasons = { baseline = \"given\" }`, or remove the column";
            sink.error_with(CARD_BASELINE_UNUSED, header.span(), "the column `baseline` is not used", help);
        }
    }
}

/// Digits of all points: as declared, else integer if every figure is one, else the largest scale of the file.
fn points_scale(points: Points, figures: &Figures, sink: &mut Sink) -> Option<u8> {
    let largest = figures.iter().map(|(figure, _)| written_scale(*figure)).max().unwrap_or_default();
    let declared = match points {
        Points::Inferred => return (largest > 0).then_some(largest),
        Points::Decimal(None) => return Some(largest),
        Points::Decimal(Some(scale)) => Some(scale),
        Points::Integer => None,
    };
    for (figure, span) in figures {
        let fits = match declared {
            None => is_whole(*figure),
            Some(scale) => rescale_exact(*figure, u32::from(scale)).is_some(),
        };
        if !fits {
            let (expected, help) = match declared {
                None => (
                    "an integer".to_owned(),
                    "write an integer, or declare `points = { type = \"decimal\", scale = ... }`".to_owned(),
                ),
                Some(scale) => (
                    format!("a number with {scale} digits after the point"),
                    "declare a larger scale under `points`".to_owned(),
                ),
            };
            sink.error_with(BAD_NUMBER, *span, format!("`{figure}` is not {expected}, as `points` says"), help);
        }
    }
    declared
}

fn required_number(found: Option<&Cell>, what: &str, row: Span, sink: &mut Sink) -> Option<(Decimal, Span)> {
    let Some(found) = found else {
        sink.error_with(BAD_NUMBER, row, format!("a row without {what}"), "write a number; 0 is one");
        return None;
    };
    Some((number(found, sink)?, found.span()))
}

fn number(found: &Cell, sink: &mut Sink) -> Option<Decimal> {
    match figures::number(&found.text) {
        Ok(number) => Some(number),
        Err(complaint) => {
            sink.error_with(complaint.code, found.span(), complaint.message, complaint.help);
            None
        }
    }
}

fn predicate(
    lower: Option<&Cell>,
    upper: Option<&Cell>,
    value: Option<&Cell>,
    sink: &mut Sink,
) -> Option<AttributePredicate> {
    let Some(value) = value else {
        let (from, to) = (bound(lower, "-inf", "inf", sink), bound(upper, "inf", "-inf", sink));
        return Some(AttributePredicate::Interval { lower: from?, upper: to? });
    };
    if let Some(other) = lower.or(upper) {
        let help = "bins use `lower` and `upper`, categories and the words MISSING, ELSE and SPECIAL:name use `value`";
        sink.error_with(CARD_ATTRIBUTE, other.span(), "a row with both a bound and a value", help);
        return None;
    }
    match value.text.as_str() {
        "MISSING" => return Some(AttributePredicate::Missing),
        "ELSE" => return Some(AttributePredicate::Else),
        _ => {}
    }
    if let Some(name) = value.text.strip_prefix("SPECIAL:") {
        let sound = check_form(name, "a special code", value.span(), sink);
        return sound.then(|| AttributePredicate::Special(name.to_owned()));
    }
    categories(value, sink).map(AttributePredicate::Values)
}

/// A bound: `None` if it is wrong, `Some(None)` if it is open.
#[allow(clippy::option_option, reason = "wrong, open and given are three things")]
fn bound(found: Option<&Cell>, open: &str, wrong: &str, sink: &mut Sink) -> Option<Option<BoundText>> {
    let Some(found) = found else { return Some(None) };
    let text = found.text.as_str();
    if text == open {
        return Some(None);
    }
    let known = ["inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "∞", "-∞", "+∞"];
    if known.contains(&text.to_ascii_lowercase().as_str()) {
        let message = if text == wrong {
            format!("`{text}` at this end of the interval")
        } else {
            format!("`{text}` is not read")
        };
        sink.error_with(
            BAD_NUMBER,
            found.span(),
            message,
            format!("the open end is written `{open}` here, or left blank"),
        );
        return None;
    }
    let dated = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    let read =
        if dated { figures::date(text).map(BoundText::Date) } else { figures::number(text).map(BoundText::Number) };
    match read {
        Ok(bound) => Some(Some(bound)),
        Err(complaint) => {
            sink.error_with(complaint.code, found.span(), complaint.message, complaint.help);
            None
        }
    }
}

/// Categories separated by `|`, each plain or in quotes.
fn categories(found: &Cell, sink: &mut Sink) -> Option<Vec<String>> {
    let mut categories: Vec<String> = Vec::new();
    let mut sound = true;
    for (start, part) in split(&found.text) {
        let span = found.part(start..start.saturating_add(part.len()));
        match category(part) {
            Ok(category) if categories.contains(&category) => {
                sink.error_with(
                    BAD_VALUE,
                    span,
                    format!("the category `{category}` stands twice"),
                    "remove one of the two",
                );
            }
            Ok(category) => {
                warn_of_oddity(&category, span, sink);
                categories.push(category);
            }
            Err(error) => {
                sound = false;
                let at = start.saturating_add(error.range.start)..start.saturating_add(error.range.end);
                sink.error_with(error.code, found.part(at), error.message, error.help.unwrap_or_default());
            }
        }
    }
    sound.then_some(categories)
}

/// Parts between the bars that stand outside quotes, each with the byte it begins at.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if quoted || at == start => quoted = !quoted,
            '|' if !quoted => {
                parts.push((start, text.get(start..at).unwrap_or_default()));
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    parts.push((start, text.get(start..).unwrap_or_default()));
    parts
}

fn category(part: &str) -> Result<String, CellError> {
    let error = |code, message: &str, help: &str| {
        Err(CellError { code, range: 0..part.len(), message: message.to_owned(), help: Some(help.to_owned()) })
    };
    if part.starts_with('"') {
        return match parse_literal(part)? {
            CellValue::Text(text) => Ok(text),
            _ => error(
                CARD_ATTRIBUTE,
                "a category in quotes that is no text",
                "close the quote at the end of the category",
            ),
        };
    }
    if part.trim().is_empty() {
        return error(
            CARD_ATTRIBUTE,
            "an empty category",
            "categories are separated by single bars, `a|b`; an absent value is MISSING",
        );
    }
    if part.trim() != part {
        return error(
            CSV_SPREADSHEET,
            "blanks around a category",
            "write `a|b` without blanks, or put the category in quotes",
        );
    }
    let word = matches!(part, "MISSING" | "ELSE") || part.starts_with("SPECIAL:");
    if word {
        return error(
            CARD_ATTRIBUTE,
            "MISSING, ELSE and SPECIAL:name stand in rows of their own",
            "put a category of that name in quotes",
        );
    }
    if let Some(complaint) = figures::explain(part).filter(|_| part.starts_with('#') || part.starts_with('=')) {
        return Err(CellError {
            code: complaint.code,
            range: 0..part.len(),
            message: complaint.message,
            help: Some(complaint.help),
        });
    }
    Ok(part.to_owned())
}
