use super::commit::Condition;
use super::range::Range;
use super::row::{Key, Revision, Row};

/// The most rows of one answer.
pub const MOST_ROWS: usize = 1_000;

/// What is to be read, all of it at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What must hold at that moment.
    pub given: Vec<Condition>,
    /// What is read.
    pub reads: Vec<Read>,
}

/// One thing to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The row of a key.
    Get(Key),
    /// The first rows of a range, in the order of their keys.
    Range {
        /// The range.
        range: Range,
        /// How many rows at most. At least one is read, and no more than [`MOST_ROWS`].
        limit: usize,
    },
}

impl Query {
    /// One that reads nothing, and tells the revision.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only if this holds.
    #[must_use]
    pub fn given(mut self, condition: Condition) -> Self {
        self.given.push(condition);
        self
    }

    /// The row of a key.
    #[must_use]
    pub fn get(mut self, key: impl Into<Key>) -> Self {
        self.reads.push(Read::Get(key.into()));
        self
    }

    /// The first `limit` rows of a range.
    #[must_use]
    pub fn range(mut self, range: Range, limit: usize) -> Self {
        self.reads.push(Read::Range { range, limit });
        self
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The state that all of it is of.
    pub revision: Revision,
    /// One for each read, in their order.
    pub answers: Vec<Answer>,
}

/// What one read found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The row of a key, if it has one.
    Row(Option<Row>),
    /// Rows of a range.
    Page(Page),
}

/// The first rows of a range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// In the order of their keys.
    pub rows: Vec<Row>,
    /// Where there are more: what to read next.
    pub rest: Option<Range>,
}

impl Page {
    /// Makes a page of `limit` rows from those of `range`, and looks one further.
    ///
    /// # Errors
    ///
    /// The first one of the rows.
    pub fn of<E>(
        range: &Range,
        limit: usize,
        rows: impl IntoIterator<Item = Result<Row, E>>,
    ) -> Result<Self, E> {
        let limit = limit.clamp(1, MOST_ROWS);
        let mut page = Self::default();
        for row in rows {
            if page.rows.len() == limit {
                page.rest = page.rows.last().map(|last| range.after(&last.key));
                break;
            }
            page.rows.push(row?);
        }
        Ok(page)
    }
}

impl View {
    /// The row that the first read found, if that was of a key.
    pub fn into_row(self) -> Option<Row> {
        match self.answers.into_iter().next() {
            Some(Answer::Row(row)) => row,
            _ => None,
        }
    }

    /// The page that the first read found, if that was of a range.
    pub fn into_page(self) -> Page {
        match self.answers.into_iter().next() {
            Some(Answer::Page(page)) => page,
            _ => Page::default(),
        }
    }
}
