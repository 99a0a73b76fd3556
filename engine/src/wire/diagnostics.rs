//! Diagnostics as JSON, the same for the command line and for the bindings.

use crate::diagnostic::{Diagnostic, Sources, Span};

use super::canonical::{array, field, null, object, write_integer, write_string};

/// Appends an array of `{"code","name","severity","message","help","file","line","column","end_line","end_column",
/// "related"}`; lines and columns count from 1, columns in Unicode scalars. Without a place, `file` and the rest are
/// `null`. Each of `related` has `message` and the same five keys of its place.
pub fn write_diagnostics(out: &mut Vec<u8>, diagnostics: &[Diagnostic], sources: &Sources) {
    array(out, diagnostics, |out, diagnostic| {
        object(out, |out| {
            field(out, "code", |out| write_string(out, &diagnostic.code.to_string()));
            field(out, "name", |out| write_string(out, diagnostic.code.name()));
            field(out, "severity", |out| write_string(out, diagnostic.severity.name()));
            field(out, "message", |out| write_string(out, &diagnostic.message));
            field(out, "help", |out| match &diagnostic.help {
                Some(help) => write_string(out, help),
                None => null(out),
            });
            place(out, diagnostic.span, sources);
            field(out, "related", |out| {
                array(out, &diagnostic.related, |out, related| {
                    object(out, |out| {
                        field(out, "message", |out| write_string(out, &related.message));
                        place(out, Some(related.span), sources);
                    });
                });
            });
        });
    });
}

fn place(out: &mut Vec<u8>, span: Option<Span>, sources: &Sources) {
    field(out, "file", |out| match span {
        Some(span) => write_string(out, sources.path(span.file)),
        None => null(out),
    });
    let figures = [
        ("line", span.map(|span| span.line)),
        ("column", span.map(|span| span.column)),
        ("end_line", span.map(|span| span.end_line)),
        ("end_column", span.map(|span| span.end_column)),
    ];
    for (name, figure) in figures {
        field(out, name, |out| match figure {
            Some(figure) => write_integer(out, i64::from(figure)),
            None => null(out),
        });
    }
}
