/// Something that a component counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name, as checks and results say it.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
}

/// What the components of a group have counted together.
#[derive(Debug)]
pub struct Rows {
    rows: &'static [Row],
    values: Vec<u64>,
}

impl Rows {
    pub(crate) fn new(rows: &'static [Row]) -> Self {
        Self { rows, values: vec![0; rows.len()] }
    }

    /// One of them has counted so many, which never become fewer.
    ///
    /// # Panics
    ///
    /// When the group has no such row.
    pub fn add(&mut self, name: &str, count: u64) {
        let row = self.rows.iter().position(|row| row.name == name);
        let row = row.unwrap_or_else(|| panic!("there is no row `{name}`"));
        self.values[row] += count;
    }

    pub(crate) fn into_values(self) -> Vec<u64> {
        self.values
    }
}
