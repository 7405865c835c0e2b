//! What requests that come many times must come to on every store, whoever is killed while they are answered.
//!
//! [`order`] asserts nothing: whoever kills it knows what was answered, and [`Orders::broken`] compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};

use super::{Claim, Concurrent, IdempotencyConfig, IdempotencyLayer, Keys, Repeated};
use crate::call::{Baggage, Call, Context, Failure, Key, Outcome, Request, call_fn};
use crate::env::Env;
use crate::store::{Store, StoreError};

/// So many requests of each order come at the same time.
pub const COPIES: u64 = 50;
/// Who has died is taken over so soon.
const LEASE: Duration = Duration::from_millis(200);
/// Who is refused comes again so soon, and so often.
const PAUSE: Duration = Duration::from_millis(5);
const TRIES: u32 = 100;

type Answer = Outcome<String, StoreError>;
type Server = Arc<dyn Call<Asking, String, StoreError>>;

/// A request for an order.
struct Asking {
    context: Context,
    claim: Option<Claim>,
}

impl Request for Asking {
    fn context(&self) -> &Context {
        &self.context
    }

    fn context_mut(&mut self) -> &mut Context {
        &mut self.context
    }

    fn try_clone(&mut self) -> Option<Self> {
        None
    }
}

struct Texts;

impl Repeated<Asking, String, StoreError> for Texts {
    fn scope(&self, _: &Asking) -> Arc<str> {
        "orders".into()
    }

    fn fingerprint(&self, _: &Asking) -> u64 {
        1
    }

    fn claimed(&self, request: &mut Asking, claim: &Claim) {
        request.claim = Some(claim.clone());
    }

    fn encode(&self, outcome: &Answer) -> Option<Vec<u8>> {
        outcome.as_ref().ok().map(|text| text.as_bytes().to_vec())
    }

    fn decode(&self, bytes: &[u8]) -> Option<Answer> {
        String::from_utf8(bytes.to_vec()).ok().map(Ok)
    }
}

fn row(order: &str) -> String {
    format!("effect/{order}")
}

/// Takes an order: how often it was taken is beside the answer, which nobody else would give.
async fn take<R: Runtime>(
    world: R,
    store: Arc<dyn Store>,
    (asking, name): (Asking, u64),
) -> Result<String, StoreError> {
    let (claim, key) = (asking.claim.as_ref(), asking.context.baggage.key.as_ref());
    let (claim, key) = claim.zip(key).expect("the layer has claimed it by its key");
    let mut transaction = claim.transaction(&store).await?;
    let taken = transaction.get(row(&key.0)).await?.map_or(0, |row| row[0]);
    transaction.put(row(&key.0), [taken + 1]);
    let answer = format!("{name:016x}");
    claim.done(transaction, answer.as_bytes(), world.wall()).await?;
    Ok(answer)
}

/// A server of which one that comes beside another one of its key waits, or is refused.
fn server<R: Runtime>(
    world: &R,
    store: &Arc<dyn Store>,
    stream: &mut Stream,
    concurrent: Concurrent,
) -> Server {
    let config = IdempotencyConfig {
        lease: LEASE,
        skew: Duration::from_millis(1),
        concurrent,
        ..IdempotencyConfig::new("keys/")
    };
    let env = Env::new(world.clone(), Stream::from_seed(stream.next_u64()));
    let (world, own, name) = (world.clone(), Arc::clone(store), stream.next_u64());
    let inner = call_fn(move |asking: Asking| {
        let taken = take(world.clone(), Arc::clone(&own), (asking, name));
        async move { taken.await.map_err(Failure::Service) }
    });
    IdempotencyLayer::new(Keys::new(config), Arc::clone(store), Arc::new(Texts), env, inner)
}

/// Makes orders, one after the other, each by many requests at the same time, and tells of each answer.
pub async fn order<R: Runtime>(
    world: R,
    store: Arc<dyn Store>,
    mut stream: Stream,
    orders: std::ops::Range<u64>,
    tell: impl Fn(u64, &str) + Clone + Send + 'static,
) {
    let both = [Concurrent::Wait(LEASE / 2), Concurrent::Refuse];
    let servers = both.map(|concurrent| server(&world, &store, &mut stream, concurrent));
    for order in orders {
        let requests: Vec<_> = (0..COPIES)
            .map(|copy| {
                let server = Arc::clone(&servers[copy as usize % 2]);
                let (tell, own) = (tell.clone(), world.clone());
                world.spawn(async move {
                    if let Some(answer) = request(&own, &server, order).await {
                        tell(order, &answer);
                    }
                })
            })
            .collect();
        for request in requests {
            let _ = request.await;
        }
    }
}

/// Asks until it is answered, or the store seems to be gone for good.
async fn request<R: Runtime>(world: &R, server: &Server, order: u64) -> Option<String> {
    for _ in 0..TRIES {
        let key = Some(Arc::new(Key(order.to_string())));
        let context = Context::new(Baggage { key, ..Baggage::default() });
        match Arc::clone(server).call(Asking { context, claim: None }).await {
            Ok(answer) => return Some(answer),
            Err(_) => world.sleep_until(world.now() + PAUSE).await,
        }
    }
    None
}

/// What was answered.
#[derive(Clone, Debug, Default)]
pub struct Orders(BTreeMap<u64, BTreeSet<String>>);

impl Orders {
    /// Somebody was told this of an order.
    pub fn told(&mut self, order: u64, answer: &str) {
        self.0.entry(order).or_default().insert(answer.to_owned());
    }

    /// The last order that anybody was told of.
    pub fn last(&self) -> Option<u64> {
        self.0.keys().next_back().copied()
    }

    /// How many orders were answered.
    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// What must never be: several answers to one order, or not one effect of it.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn broken(&self, store: &Arc<dyn Store>) -> Result<Option<String>, StoreError> {
        for (order, answers) in &self.0 {
            let effects = store.get(row(&order.to_string()).into_bytes()).await?;
            let effects = effects.map_or(0, |row| row.value[0]);
            if effects != 1 || answers.len() != 1 {
                return Ok(Some(format!("order {order}: {effects} effects, told {answers:?}")));
            }
        }
        Ok(None)
    }
}
