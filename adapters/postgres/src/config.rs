use std::time::Duration;

use cascadia_patterns::store::KEPT_CHANGES;

/// Settings of a store on PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresConfig {
    /// Who logs in. It may make schemas and tables, or they are there.
    pub user: String,
    /// Its password, where one is asked for.
    pub password: Option<String>,
    /// The database.
    pub database: String,
    /// The schema with the tables of this store, of letters, digits and `_`.
    pub schema: String,
    /// How many connections there may be at a time.
    pub connections: usize,
    /// How often is looked for changes when there are none.
    pub poll: Duration,
    /// After which time a server gives up a statement, or a transaction whose client is silent.
    pub patience: Duration,
    /// How many changes are kept.
    pub keep: u64,
}

impl Default for PostgresConfig {
    fn default() -> Self {
        Self {
            user: "postgres".to_owned(),
            password: None,
            database: "postgres".to_owned(),
            schema: "cascadia".to_owned(),
            connections: 8,
            poll: Duration::from_millis(50),
            patience: Duration::from_secs(10),
            keep: KEPT_CHANGES,
        }
    }
}

impl PostgresConfig {
    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// The name of the setting that is wrong, and why.
    pub fn check(&self) -> Result<(), String> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if self.schema.is_empty() || self.schema.len() > 60 || !self.schema.chars().all(is_plain) {
            return Err("schema: at most 60 letters, digits and _".to_owned());
        }
        if self.connections == 0 {
            return Err("connections: at least 1".to_owned());
        }
        if self.poll.is_zero() || self.patience < Duration::from_millis(1) {
            return Err("poll, patience: some time".to_owned());
        }
        Ok(())
    }
}
