//! `POST /orders` before axum, on PostgreSQL: a shop that is slow now and then, and customers who click twice and try again.
//!
//! `cargo run --release --manifest-path adapters/Cargo.toml -p cascadia-postgres --example orders -- 127.0.0.1:5432`
//!
//! Without an address it does the same in memory.
//!
//! What to see: whoever is not answered in time asks again, and the shop has made the order meanwhile. Without a key
//! it makes another one. With an `Idempotency-Key` an order is made once and everybody is told the same, though requests come at
//! the same time, and one that is given up dies at work and is taken over.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use cascadia_examples::{IDEMPOTENCY_KEY, Inbound, handler, serve, server_env, service};
use cascadia_patterns::call::Outcome;
use cascadia_patterns::idempotency::{
    Claim, Concurrent, IdempotencyConfig, IdempotencyLayer, Keys, Repeated, fingerprint,
};
use cascadia_patterns::store::{MemoryStore, Range, Store, StoreError, Transaction};
use cascadia_postgres::{PostgresConfig, PostgresStore};
use cascadia_runtime::{Runtime, TokioWorld};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

const ORDERS: u64 = 50;
/// How long a customer waits before asking again.
const PATIENCE: Duration = Duration::from_millis(200);
const TRIES: u32 = 20;

type Failed = Box<dyn Error + Send + Sync>;

/// Where orders are made.
struct Shop {
    store: Arc<dyn Store>,
    asked: AtomicU64,
}

impl Shop {
    /// Makes an order, in the transaction of its claim if it has one.
    async fn order(&self, order: u64, claim: Option<&Claim>) -> Result<String, StoreError> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let mut transaction = match claim {
            Some(claim) => claim.transaction(&self.store).await?,
            None => Transaction::begin(&self.store),
        };
        let made = transaction.get(row(order)).await?.map_or(0, |row| row[0]);
        let slow = if number.is_multiple_of(3) { PATIENCE } else { Duration::ZERO };
        tokio::time::sleep(Duration::from_millis(5) + slow).await;
        transaction.put(row(order), [made + 1]);
        let answer = format!("order {order} is number {number}");
        match claim {
            Some(claim) => {
                claim.done(transaction, answer.as_bytes(), TokioWorld::new().wall()).await?;
            }
            None => drop(transaction.commit().await?),
        }
        Ok(answer)
    }
}

fn row(order: u64) -> String {
    format!("orders/{order:04}")
}

/// An answer as it is kept.
#[derive(Clone)]
struct Kept(String);

fn answered(answer: String) -> Response {
    (StatusCode::CREATED, Extension(Kept(answer.clone())), answer).into_response()
}

async fn orders(
    State(shop): State<Arc<Shop>>,
    Path(order): Path<u64>,
    claim: Option<Extension<Claim>>,
) -> Response {
    match shop.order(order, claim.as_deref()).await {
        Ok(answer) => answered(answer),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Orders are known again by where they are posted.
struct Orders;

impl Repeated<Inbound, Response, Infallible> for Orders {
    fn scope(&self, _: &Inbound) -> Arc<str> {
        "shop POST /orders".into()
    }

    fn fingerprint(&self, inbound: &Inbound) -> u64 {
        fingerprint([inbound.request.uri().path().as_bytes()])
    }

    fn claimed(&self, inbound: &mut Inbound, claim: &Claim) {
        inbound.request.extensions_mut().insert(claim.clone());
    }

    fn encode(&self, outcome: &Outcome<Response, Infallible>) -> Option<Vec<u8>> {
        let kept = outcome.as_ref().ok()?.extensions().get::<Kept>()?;
        Some(kept.0.as_bytes().to_vec())
    }

    fn decode(&self, bytes: &[u8]) -> Option<Outcome<Response, Infallible>> {
        String::from_utf8(bytes.to_vec()).ok().map(|answer| Ok(answered(answer)))
    }
}

/// The shop, at some address.
async fn open(store: &Arc<dyn Store>) -> Result<SocketAddr, Failed> {
    let shop = Arc::new(Shop { store: Arc::clone(store), asked: AtomicU64::new(0) });
    let router = Router::new().route("/orders/{order}", post(orders)).with_state(shop);
    let config = IdempotencyConfig {
        lease: Duration::from_millis(500),
        skew: Duration::from_millis(5),
        concurrent: Concurrent::Wait(Duration::from_millis(50)),
        ..IdempotencyConfig::new("keys/")
    };
    let (keys, store) = (Keys::new(config), Arc::clone(store));
    let inner = handler(router);
    let layer = IdempotencyLayer::new(keys, store, Arc::new(Orders), server_env(), inner);
    Ok(serve(service(layer)).await?)
}

/// Asks until it is answered. What it was told.
async fn ask(http: Client<HttpConnector, Body>, to: String, key: Option<String>) -> Option<String> {
    for _ in 0..TRIES {
        let mut request = Request::post(&to);
        if let Some(key) = &key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        let request = request.body(Body::empty()).ok()?;
        let answer = tokio::time::timeout(PATIENCE, http.request(request)).await;
        if let Ok(Ok(answer)) = answer
            && answer.status() == StatusCode::CREATED
        {
            let body = to_bytes(Body::new(answer.into_body()), 1_000).await.ok()?;
            return String::from_utf8(body.to_vec()).ok();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    None
}

/// Every customer clicks twice. How many orders were told of in more than one way.
async fn customers(shop: SocketAddr, has_keys: bool) -> Result<usize, Failed> {
    let http: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build_http();
    let mut clicks = Vec::new();
    for order in 0..ORDERS {
        for _ in 0..2 {
            let key = has_keys.then(|| format!("order-{order}"));
            let to = format!("http://{shop}/orders/{order}");
            clicks.push((order, tokio::spawn(ask(http.clone(), to, key))));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut told = BTreeSet::new();
    for (order, click) in clicks {
        told.extend(click.await?.map(|answer| (order, answer)));
    }
    let orders: BTreeSet<u64> = told.iter().map(|(order, _)| *order).collect();
    Ok(told.len() - orders.len())
}

fn store(server: Option<SocketAddr>, schema: &str) -> Result<Arc<dyn Store>, Failed> {
    let Some(server) = server else { return Ok(Arc::new(MemoryStore::new())) };
    let poll = Duration::from_millis(5);
    let config = PostgresConfig { schema: schema.to_owned(), poll, ..PostgresConfig::default() };
    Ok(Arc::new(PostgresStore::new(TokioWorld::new(), server, config)?))
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it shows what has come of it")]
async fn main() -> Result<(), Failed> {
    let server = std::env::args().nth(1).map(|address| address.parse()).transpose()?;
    println!(
        "{:16}{:>8}{:>8}{:>18}{:>16}",
        "", "orders", "made", "more than once", "told otherwise"
    );
    let life = std::process::id();
    for (name, has_keys) in [("without a key", false), ("with a key", true)] {
        let store = store(server, &format!("orders_{life}_{has_keys}"))?;
        store.revision().await?;
        let otherwise = customers(open(&store).await?, has_keys).await?;
        tokio::time::sleep(4 * PATIENCE).await;
        let rows = store.range(Range::prefix("orders/"), 1_000).await?.rows;
        let made: u64 = rows.iter().map(|row| u64::from(row.value[0])).sum();
        let again = rows.iter().filter(|row| row.value[0] > 1).count();
        println!("{name:16}{ORDERS:>8}{made:>8}{again:>18}{otherwise:>16}");
    }
    Ok(())
}
