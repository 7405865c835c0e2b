/// A figure of components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name, as checks and results say it.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// What kind of figure it is.
    pub kind: RowKind,
}

/// What kind of figure a row is, which says how those of several components and of several moments
/// become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Something that happened so many times since the beginning of the run. Counts are added up, and those
    /// of a time are the difference of its ends.
    Count,
    /// How much of something there is. Those of several are added up; of several moments it is the most.
    Level,
    /// For how long something has lasted, in nanoseconds; of several it is the most.
    Age,
}

impl Row {
    /// Something that is counted.
    pub const fn count(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: RowKind::Count }
    }

    /// Something of which there is more or less.
    pub const fn level(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: RowKind::Level }
    }

    /// How old something is.
    pub const fn age(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: RowKind::Age }
    }
}

/// The figures of the components of a group at one moment, all of them together.
#[derive(Debug)]
pub struct Rows {
    rows: &'static [Row],
    values: Vec<u64>,
}

impl Rows {
    pub(crate) fn new(rows: &'static [Row]) -> Self {
        Self { rows, values: vec![0; rows.len()] }
    }

    /// One of them has this figure: a count since the beginning of the run, which never becomes less, a
    /// level, or an age in nanoseconds.
    ///
    /// # Panics
    ///
    /// When the group has no such row.
    pub fn add(&mut self, name: &str, figure: u64) {
        let at = self.rows.iter().position(|row| row.name == name);
        let at = at.unwrap_or_else(|| panic!("there is no row `{name}`"));
        let value = &mut self.values[at];
        *value = match self.rows[at].kind {
            RowKind::Count | RowKind::Level => *value + figure,
            RowKind::Age => figure.max(*value),
        };
    }

    pub(crate) fn into_values(self) -> Vec<u64> {
        self.values
    }
}
