use unicode_width::UnicodeWidthStr;

use super::look::is_mark;
use crate::sinks;

/// Where the text of a column stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Rows in columns as wide as their widest cell on a terminal, two spaces apart.
///
/// Colours in a cell take no room; wide characters take two columns. Each line ends at its last
/// character.
pub(super) fn align(rows: &[Vec<String>], sides: &[Side]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max())
        .map(Option::unwrap_or_default)
        .collect();
    rows.iter().map(|row| line(row, &widths, sides)).collect()
}

fn line(row: &[String], widths: &[usize], sides: &[Side]) -> String {
    let mut line = String::new();
    for (at, (cell, &column)) in row.iter().zip(widths).enumerate() {
        let padding = " ".repeat(column - width(cell));
        if at > 0 {
            line.push_str("  ");
        }
        match sides.get(at) {
            Some(Side::Right) => line.extend([padding.as_str(), cell]),
            _ => line.extend([cell, padding.as_str()]),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// The columns that a text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.split(is_mark).map(|text| sinks::line(text).width()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_coloured_text_is_aligned() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["注文", "\u{fdd0}9\u{fdd5}", "x"]),
            row(["a", "100", ""]),
            row(["abcdef", "µ", "y"]),
        ];
        assert_eq!(
            align(&rows, &[Side::Left, Side::Right]),
            ["注文      \u{fdd0}9\u{fdd5}  x", "a       100", "abcdef    µ  y"]
        );
        assert_eq!(width("注文\u{fdd1}!\u{fdd5}"), 5);
        assert_eq!(width("a\n"), 3, "what is shown in its place counts");
    }
}
