use crate::config::PostgresConfig;

/// What a session is set to: a commit is durable when it is answered, and nobody waits for those who are gone.
pub(crate) fn session(config: &PostgresConfig) -> String {
    let (schema, patience) = (&config.schema, config.patience.as_millis());
    format!(
        "SET search_path = {schema};
         SET statement_timeout = {patience};
         SET idle_in_transaction_session_timeout = {patience};
         SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') IN ('off', 'local')"
    )
}

/// Makes the tables. Two that do so at the same time would fail at each other's.
pub(crate) fn tables(schema: &str) -> String {
    format!(
        "BEGIN;
         SELECT pg_advisory_xact_lock(hashtext('cascadia.{schema}'));
         CREATE SCHEMA IF NOT EXISTS {schema};
         CREATE TABLE IF NOT EXISTS rows (
             key bytea PRIMARY KEY, value bytea NOT NULL, revision bigint NOT NULL);
         CREATE TABLE IF NOT EXISTS history (
             revision bigint, key bytea, value bytea, PRIMARY KEY (revision, key));
         CREATE TABLE IF NOT EXISTS meta (
             single boolean PRIMARY KEY CHECK (single), revision bigint NOT NULL, forgotten bigint NOT NULL);
         INSERT INTO meta VALUES (true, 0, 0) ON CONFLICT DO NOTHING;
         COMMIT"
    )
}

/// Begins to read, all of one snapshot.
pub(crate) const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SELECT revision, forgotten FROM meta";

/// Begins to write: one at a time, each after what was committed before.
pub(crate) const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
    SELECT revision, forgotten FROM meta FOR UPDATE";

pub(crate) const GET: &str = "SELECT key, value, revision FROM rows WHERE key = ANY($1)";

pub(crate) const RANGE: &str = "SELECT key, value, revision FROM rows
    WHERE key >= $1 AND ($2::bytea IS NULL OR key < $2) ORDER BY key LIMIT $3";

pub(crate) const EXTENT: &str = "SELECT count(*), coalesce(max(revision), 0) FROM rows
    WHERE key >= $1 AND ($2::bytea IS NULL OR key < $2)";

/// Everything that a commit writes: keys and values that are put, its revision, keys that are deleted, and
/// the newest revision that is not kept any more.
pub(crate) const COMMIT: &str = "WITH
    put AS (
        INSERT INTO rows SELECT key, value, $3 FROM unnest($1::bytea[], $2::bytea[]) AS new (key, value)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = excluded.revision),
    gone AS (DELETE FROM rows WHERE key = ANY($4::bytea[])),
    told AS (
        INSERT INTO history
        SELECT $3, key, value FROM unnest($1::bytea[], $2::bytea[]) AS new (key, value)
        UNION ALL SELECT $3, key, NULL FROM unnest($4::bytea[]) AS old (key)),
    forgotten AS (DELETE FROM history WHERE revision <= $5)
    UPDATE meta SET revision = $3, forgotten = greatest(forgotten, $5)";

pub(crate) const CHANGES: &str = "SELECT revision, key, value FROM history
    WHERE revision > $1 AND revision <= $2 ORDER BY revision, key";

pub(crate) const FORGET: &str = "WITH gone AS (DELETE FROM history WHERE revision <= $1)
    UPDATE meta SET forgotten = greatest(forgotten, $1)";
