//! What the tests share.

use std::net::SocketAddr;
use std::sync::Arc;

use cascadia_patterns::store::Store;
use cascadia_postgres::{PostgresConfig, PostgresStore};
use cascadia_runtime::TokioWorld;

/// Something from the environment.
#[expect(clippy::disallowed_methods, reason = "tests are told where the server is")]
pub(crate) fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

pub(crate) fn number(name: &str, otherwise: u64) -> u64 {
    told(name).map_or(otherwise, |count| count.parse().expect("a number"))
}

pub(crate) fn server() -> SocketAddr {
    let port = told("CASCADIA_POSTGRES_PORT").expect(".ci/live starts a server and says where");
    SocketAddr::from(([127, 0, 0, 1], port.parse().expect("a port")))
}

pub(crate) fn config(schema: &str) -> PostgresConfig {
    PostgresConfig {
        schema: schema.to_owned(),
        poll: std::time::Duration::from_millis(5),
        ..PostgresConfig::default()
    }
}

pub(crate) fn open(schema: &str) -> Arc<dyn Store> {
    Arc::new(PostgresStore::new(TokioWorld::new(), server(), config(schema)).unwrap())
}

pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().unwrap().block_on(work)
}
