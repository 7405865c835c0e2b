use super::Row;

/// Something that a group of components has figures of, such as what a group of consumers has of a topic.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name, as checks and results say it.
    pub name: String,
    /// Its figures.
    pub rows: &'static [Row],
}
