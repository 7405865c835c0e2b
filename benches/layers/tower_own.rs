//! What tower brings along.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::Context;
use tower::balance::p2c::Balance;
use tower::discover::ServiceList;
use tower::load::{CompleteOnResponse, PendingRequests};
use tower::retry::Policy;
use tower::retry::budget::{Budget, TpsBudget};
use tower::util::BoxService;
use tower::{Service, ServiceBuilder};

use crate::call::{LONG, MANY, PLENTY, Timed, server, timed as time};

/// How its services are held.
#[derive(Clone, Copy)]
pub(crate) enum How {
    Plain,
    Boxed,
}

pub(crate) fn timed(row: &str, how: How) -> Option<Timed> {
    match row {
        "no layer" => how.time(server),
        "timeout" => how.time(|| ServiceBuilder::new().timeout(LONG).service(server())),
        "retry without budget" => {
            how.time(|| ServiceBuilder::new().retry(Tries { budget: None }).service(server()))
        }
        "retry" => how.time(|| {
            let budget = Some(Arc::new(TpsBudget::default()));
            ServiceBuilder::new().retry(Tries { budget }).service(server())
        }),
        "bulkhead" => {
            how.time(|| ServiceBuilder::new().concurrency_limit(MANY as usize).service(server()))
        }
        "balance" => how.time(|| {
            let endpoint = || PendingRequests::new(server(), CompleteOnResponse::default());
            Balance::new(ServiceList::new(vec![endpoint(), endpoint(), endpoint()]))
        }),
        "fixed cycle" => how.time(|| {
            let second = Duration::from_secs(1);
            ServiceBuilder::new().rate_limit(u64::from(PLENTY), second).service(server())
        }),
        _ => None,
    }
}

impl How {
    fn time<S>(self, make: impl FnOnce() -> S) -> Option<Timed>
    where
        S: Service<Context, Response = u32, Future: Send> + Send + 'static,
    {
        match self {
            Self::Plain => time(make),
            Self::Boxed => time(|| BoxService::new(make())),
        }
    }
}

/// Three tries, at once.
#[derive(Clone)]
struct Tries {
    budget: Option<Arc<TpsBudget>>,
}

impl<E> Policy<Context, u32, E> for Tries {
    type Future = Ready<()>;

    fn retry(&mut self, request: &mut Context, outcome: &mut Result<u32, E>) -> Option<Ready<()>> {
        match outcome {
            Ok(_) => {
                if let Some(budget) = &self.budget {
                    budget.deposit();
                }
                None
            }
            Err(_) => {
                request.attempt.number += 1;
                let paid = self.budget.as_ref().is_none_or(|budget| budget.withdraw());
                (request.attempt.number < 3 && paid).then(|| ready(()))
            }
        }
    }

    fn clone_request(&mut self, request: &Context) -> Option<Context> {
        Some(request.clone())
    }
}
