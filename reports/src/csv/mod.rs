//! Results as tables, for spreadsheets and data frames. Times are in seconds unless named.

mod failures;
mod series;
mod summary;

pub use self::failures::failures;
pub use self::series::series;
pub use self::summary::summary;

/// Rows of one width as CSV.
fn write(rows: impl IntoIterator<Item = Vec<String>>, head: &[&str]) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(head).expect("writing to memory cannot fail");
    for row in rows {
        writer.write_record(row).expect("every row is as wide as the head");
    }
    let bytes = writer.into_inner().expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("text in, text out")
}

/// A value, or an empty cell.
fn cell<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
