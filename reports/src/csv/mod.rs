//! Results as tables, for spreadsheets and data frames. Times are in seconds unless named.

mod components;
mod failures;
mod policies;
mod series;
mod summary;

pub use self::components::components;
pub use self::failures::failures;
pub use self::policies::policies;
pub use self::series::series;
pub use self::summary::summary;

use std::borrow::Cow;

use crate::sinks;

/// Rows of one width.
struct Table(::csv::Writer<Vec<u8>>);

impl Table {
    fn new(head: &[impl AsRef<str>]) -> Self {
        let mut table = Self(::csv::Writer::from_writer(Vec::new()));
        table.row(head);
        table
    }

    fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        let cells: Vec<_> = cells.into_iter().collect();
        let cells = cells.iter().map(|text| sinks::cell(text.as_ref()));
        let written = self.0.write_record(cells.map(Cow::into_owned));
        written.expect("every row is as wide as the head, and memory takes it");
    }

    fn text(self) -> String {
        let bytes = self.0.into_inner().expect("writing to memory cannot fail");
        String::from_utf8(bytes).expect("text in, text out")
    }
}

/// A row of its own.
fn line(cells: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut table = Table(::csv::Writer::from_writer(Vec::new()));
    table.row(cells);
    table.text()
}

/// A value, or an empty cell.
fn cell<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
