//! Takes endpoints that behave unlike the others out of the choice of their balancer.
//!
//! One of twenty endpoints turns sick. A breaker around the whole service sees one failure in twenty
//! and stays closed; a breaker around each endpoint knows nothing of the others, so when all of them fail,
//! because of what lies behind them, all open and nothing is left. What one wants to know is not
//! "does it fail?" but "does it fail where the others do not?". Outlier detection looks at all endpoints of
//! a service together, ejects a few of them for a while and never more than a share.
//!
//! The obvious rule, to eject what fails more than average, ejects half of all healthy endpoints. The
//! rules here are those of two implementations that are in wide use, and they differ:
//!
//! | | [`EnvoyConfig`] | [`GrpcConfig`] (A50) |
//! |---|---|---|
//! | errors in a row | 5, looked at with every outcome; gateway errors apart, not enforced | |
//! | success rate | below mean − 1.9 σ, where 5 endpoints had 100 calls in the interval | the same, if set |
//! | failure percentage | at least 85 %, where 5 had 50 calls; not enforced | more than 85 %, if set |
//! | interval | 10 s | 10 s |
//! | ejected for | min(30 s · k, 300 s) + jitter, to the next sweep | longer than min(30 s · k, 300 s), to the next sweep |
//! | k grows | with each ejection while 30 s · k < 330 s | with each ejection |
//! | k shrinks | a sweep, from an interval after the endpoint is back on | each sweep that it is not ejected |
//! | at most ejected | 10 %: the one to come included, so none of 5 (or one, with `always_eject_one`) | 10 %: without it, so 1 of 5 |
//! | when it is back | its runs of errors are forgotten | |
//!
//! σ is that of the population. It is itself blown up by the outliers, so the success rate finds a sick minority only:
//! with two of five at 50 % the mean is 80 %, σ 24.5 and the bound 33 %, and nobody is ejected.
//!
//! - *What counts.* An error of the service is a 5xx. A refusal for overload is a 503, so a gateway
//!   error. A timeout is a 504, so a gateway error too, or with `split_local_errors` an error of local
//!   origin, counted apart from what the endpoint says. A refusal by a breaker inside says nothing: nothing was
//!   sent. A dropped call says nothing either.
//! - *Where it sits.* It needs to see every endpoint of the service, so it is put around the
//!   [balancer](crate::balance), directly, and the balancer asks it. An ejected endpoint keeps the calls
//!   it has, and their outcomes still count.
//! - *Sweeps are lazy.* No task runs: the next call or outcome makes up for the sweeps that were due, each
//!   at its own time.
//! - *Who joins* is a stranger, and who leaves is forgotten, with its ejections. The largest share is
//!   one of the endpoints that there are now.
//! - *If all are ejected, all may be chosen.* A caller that sends nowhere helps nobody, and what
//!   makes all of them fail is not one of them. gRPC fails the calls; Envoy has a panic threshold (50 %) for
//!   the whole of its health.
//!
//! ```
//! # use cascadia_patterns::{balance::*, call::*, endpoints::*, env::Env, outlier::*};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let sick = call_fn(|_: Context| async { Err::<(), _>(Failure::Service("sick")) });
//! let well = call_fn(|_: Context| async { Ok::<_, Failure<&str>>(()) });
//! let env = || Env::new(TokioWorld::new(), Stream::from_entropy());
//! let balance = BalanceLayer::new(BalanceConfig::default(), env(), vec![sick, well]);
//! let config = EnvoyConfig { max_ejection_percent: 0.5, ..EnvoyConfig::default() };
//! let outlier = OutlierLayer::new(OutlierConfig::Envoy(config), env(), balance);
//! let mut failed = 0;
//! for _ in 0..100 {
//!     failed += u32::from(outlier.clone().call(Context::default()).await.is_err());
//! }
//! assert_eq!((failed, outlier.ejected()), (5, vec![EndpointKey::new(0)]));
//! # });
//! ```
//!
//! Elsewhere: Envoy `outlier_detection`, gRPC A50, Finagle `FailureAccrual` and linkerd's failure
//! accrual (each endpoint by itself, with a probe). Active health checks, which also bring an endpoint back in
//! Envoy, are not here.
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`OutlierLayer`] | `outlier` | `outlier_detection` | | | A50 `outlier_detection` | `FailureAccrual` |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | outlier: one bad endpoint of five, at most 10 % ejected | Envoy ejects none, gRPC one | as either | `of_five_hosts_envoy_ejects_none_by_default_and_grpc_one` |
//! | outlier: exactly at the failure percentage | Envoy ejects, gRPC does not | as either | `at_the_threshold_envoy_ejects_and_grpc_does_not` |
//! | outlier: forgiveness | Envoy after an interval in health, gRPC with each sweep | as either | `who_stays_well_is_forgiven_a_step_with_each_sweep`, `grpc_forgives_with_each_sweep_and_restores_only_after_the_time` |

mod config;
mod core;
mod envoy;
mod grpc;
mod layer;
mod rates;
mod record;
mod rules;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use cascadia_runtime::Runtime;

use crate::balance::{BalanceConfig, BalanceLayer};
use crate::call::{Context, call_fn};
use crate::env::Env;
use crate::observe::{Count, Happening, Level, Unit};
use crate::policy::Policy;
use crate::sample::{Route, Sample, env};
use crate::terms::terms;

pub use self::config::OutlierConfig;
pub use self::core::{Change, Outlier, Sign};
pub use self::envoy::EnvoyConfig;
pub use self::grpc::GrpcConfig;
pub use self::layer::OutlierLayer;
pub use self::rules::{FailurePercentage, Run, SuccessRate};

terms! { Count:
    /// An endpoint was found to be an outlier and stays, for too many are ejected already.
    EJECTION_DENIED = "ejection_denied", Happening;
}

terms! { Level:
    /// Endpoints that are ejected.
    EJECTED = "ejected", Unit::Endpoints;
}

pub(crate) const POLICY: Policy = Policy {
    name: "outlier",
    counts: &[Count::EJECTION_DENIED],
    levels: &[Level::EJECTED],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let envoy = Sample {
        name: "outlier",
        tight: |world, inner| {
            let config = EnvoyConfig { max_ejection_percent: 1.0, ..EnvoyConfig::default() };
            outlier(OutlierConfig::Envoy(config), env(world), [Arc::clone(&inner), inner])
        },
        usual: |world, inner| {
            let config = OutlierConfig::Envoy(EnvoyConfig::default());
            outlier(config, env(world), [Arc::clone(&inner), inner])
        },
        shown: ["OutlierLayer", "max_ejection_percent: 1.0", "outstanding: 1"],
        watches: Some(|world, inner, watching| {
            let count_local = watching.count_local;
            let config =
                EnvoyConfig { max_ejection_percent: 0.5, count_local, ..EnvoyConfig::default() };
            outlier(OutlierConfig::Envoy(config), watching.env(world), [inner, well()])
        }),
        ..Sample::PLAIN
    };
    let grpc = Sample {
        name: "grpc outlier",
        shown: ["OutlierLayer", "Grpc", "outstanding: 1"],
        watches: Some(|world, inner, watching| {
            let count_local = watching.count_local;
            let config = GrpcConfig { count_local, ..GrpcConfig::default() };
            outlier(OutlierConfig::Grpc(config), watching.env(world), [inner, well()])
        }),
        ..Sample::alike(|world, inner| {
            let config = OutlierConfig::Grpc(GrpcConfig::default());
            outlier(config, env(world), [Arc::clone(&inner), inner])
        })
    };
    vec![envoy, grpc]
}

fn well() -> Route {
    call_fn(|_: Context| async { Ok(7) })
}

fn outlier<R: Runtime>(
    config: OutlierConfig,
    own: Env<R, u32, &'static str>,
    endpoints: [Route; 2],
) -> Route {
    let of_balancer = env(&own.world);
    let balance = BalanceLayer::new(BalanceConfig::default(), of_balancer, endpoints.into());
    OutlierLayer::new(config, own, balance)
}
