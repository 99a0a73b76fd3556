//! Scales: every band has a width, none overlap, and between the first and the last there is no gap.

use rust_decimal::Decimal;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{SCALE_BAND, SCALE_GAP, SCALE_OVERLAP};
use crate::ruleset::{Band, Ruleset};
use crate::value::decimal::plain_text;

/// Judges the bands of a scale, in whatever order they stand. Errors: T2301 (gap), T2302 (overlap), T2303 (empty band).
///
/// Beyond the first and the last band there may be nothing: a value there is an error of the decision.
pub fn check_scale(ruleset: &Ruleset, index: usize, diagnostics: &mut Vec<Diagnostic>) {
    let Some(scale) = ruleset.scales.get(index) else { return };
    let mut bands: Vec<&Band> = Vec::new();
    for band in &scale.bands {
        if let (Some(from), Some(to)) = (band.from, band.to)
            && from >= to
        {
            let (message, help) = if from == to {
                (
                    format!("the band from {} to itself is empty", plain_text(from)),
                    "`to` does not belong to the band: raise it",
                )
            } else {
                (
                    format!("the band from {} ends below, at {}", plain_text(from), plain_text(to)),
                    "swap `from` and `to`",
                )
            };
            diagnostics.push(Diagnostic::new(SCALE_BAND, band.span, message).with_help(help));
        } else {
            bands.push(band);
        }
    }
    let sound = bands.len() == scale.bands.len() && scale.complete;
    bands.sort_by_key(|band| band.from.map_or((0, Decimal::ZERO), |from| (1, from)));
    let mut widest: Option<&Band> = None;
    for band in bands {
        if let Some(before) = widest {
            judge_neighbours(before, band, sound, diagnostics);
        }
        let further = |before: &Band| match (before.to, band.to) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(before), Some(this)) => this > before,
        };
        if widest.is_none_or(further) {
            widest = Some(band);
        }
    }
}

fn judge_neighbours(before: &Band, band: &Band, sound: bool, diagnostics: &mut Vec<Diagnostic>) {
    let start = band.from;
    let overlap = match (before.to, start) {
        (None, _) | (_, None) => true,
        (Some(end), Some(start)) => start < end,
    };
    if overlap {
        let witness = start.or(before.from).map_or_else(|| "every number that is small enough".to_owned(), plain_text);
        let message = format!("two bands hold {witness}");
        let found = Diagnostic::new(SCALE_OVERLAP, band.span, message).with_related(before.span, "the other band");
        diagnostics.push(found.with_help("a band ends where the next begins: `to` does not belong to it"));
    } else if let (Some(end), Some(start)) = (before.to, start)
        && end < start
        && sound
    {
        let message = format!(
            "no band holds {}: the one before ends there, the next begins at {}",
            plain_text(end),
            plain_text(start)
        );
        let found = Diagnostic::new(SCALE_GAP, band.span, message).with_related(before.span, "the band before");
        diagnostics.push(found.with_help("let each band begin where the one before ends"));
    }
}
