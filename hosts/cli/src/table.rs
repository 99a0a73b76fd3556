//! Tables for people, aligned by the width that characters have on a terminal.

use unicode_width::UnicodeWidthStr as _;

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// Rows of cells; every row has one cell per column.
#[derive(Clone, Debug)]
pub struct Table {
    align: Vec<Align>,
    header: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without a header.
    pub fn new(align: &[Align]) -> Self {
        Self { align: align.to_vec(), header: None, rows: Vec::new() }
    }

    /// A table with a header.
    pub fn with_header(align: &[Align], header: &[&str]) -> Self {
        Self { header: Some(header.iter().map(|cell| (*cell).to_owned()).collect()), ..Self::new(align) }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| printable(&cell)).collect());
    }

    /// Whether it has no rows.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines, each indented by `indent` spaces; a rule stands under the header.
    pub fn lines(&self, indent: usize) -> Vec<String> {
        let widths: Vec<usize> = (0..self.align.len()).map(|column| self.width(column)).collect();
        let mut lines = Vec::new();
        if let Some(header) = &self.header {
            lines.push(self.line(indent, header, &widths));
            let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
            lines.push(self.line(indent, &rule, &widths));
        }
        lines.extend(self.rows.iter().map(|row| self.line(indent, row, &widths)));
        lines
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.header.iter().chain(&self.rows).filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    }

    fn line(&self, indent: usize, cells: &[String], widths: &[usize]) -> String {
        let mut line = " ".repeat(indent);
        for (index, ((cell, width), align)) in cells.iter().zip(widths).zip(&self.align).enumerate() {
            if index > 0 {
                line.push_str("  ");
            }
            let space = " ".repeat(width.saturating_sub(cell.width()));
            match align {
                Align::Left => line.extend([cell.as_str(), &space]),
                Align::Right => line.extend([space.as_str(), cell]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// A text without characters that steer a terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Align, Table};

    #[test]
    fn columns_align_by_display_width() {
        let mut table = Table::with_header(&[Align::Left, Align::Right, Align::Left], &["fact", "n", "label"]);
        table.row(["age".to_owned(), "1".to_owned(), "年龄".to_owned()]);
        table.row(["贷款期限".to_owned(), "120".to_owned(), "x\u{1b}[31m".to_owned()]);
        let expected = [
            "  fact        n  label",
            "  ────────  ───  ──────",
            "  age         1  年龄",
            "  贷款期限  120  x\u{fffd}[31m",
        ];
        assert_eq!(table.lines(2), expected);
    }
}
