//! Outlier detection.

use std::sync::Arc;

use cascadia_patterns::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use cascadia_patterns::call::{Call, Context};
use cascadia_patterns::endpoints::EndpointKey;
use cascadia_patterns::outlier::{EnvoyConfig, OutlierConfig, OutlierLayer};
use cascadia_runtime::Runtime;

use super::bench::{Bench, Recorder, Route, ms};
use super::server::{Server, Step};

/// Two endpoints, one of which is sick.
struct Rig<R: Runtime> {
    bench: Bench<R>,
    sick: Arc<Server<R>>,
    seen: Arc<Recorder>,
    outlier: Arc<OutlierLayer<R, Context, u32, &'static str>>,
}

/// Sweeps every 2 ms and ejects for 10 ms.
fn quick() -> EnvoyConfig {
    EnvoyConfig {
        interval: ms(2),
        base_ejection_time: ms(10),
        always_eject_one: true,
        ..EnvoyConfig::default()
    }
}

impl<R: Runtime> Rig<R> {
    fn new(bench: Bench<R>, sick: &[Step], config: EnvoyConfig) -> Self {
        let (sick, seen) = (Server::new(&bench, sick), Arc::default());
        let endpoints: Vec<Route> = vec![sick.clone(), Server::new(&bench, &[Step::Ok])];
        let kind = BalanceConfig { kind: BalanceKind::RoundRobin };
        let balance = BalanceLayer::new(kind, bench.env(&Arc::default()), endpoints);
        let outlier = OutlierLayer::new(OutlierConfig::Envoy(config), bench.env(&seen), balance);
        Self { bench, sick, seen, outlier }
    }

    async fn failures(&self, calls: usize) -> usize {
        let mut failures = 0;
        for _ in 0..calls {
            let answer = Arc::clone(&self.outlier).call(Context::default()).await;
            failures += usize::from(answer.is_err());
        }
        failures
    }
}

pub(crate) async fn a_sick_endpoint_is_ejected<R: Runtime>(bench: Bench<R>) {
    let config = EnvoyConfig { always_eject_one: true, ..EnvoyConfig::default() };
    let rig = Rig::new(bench, &[Step::Fail], config);
    assert_eq!((rig.failures(100).await, rig.sick.seen().len()), (5, 5));
    assert_eq!(rig.outlier.ejected(), [EndpointKey::new(0)]);
    let expected =
        ["Ejected { endpoint: 0, reason: ConsecutiveErrors }", "Level(ejected, 1.0)"];
    assert_eq!(rig.seen.signals(), expected);
}

pub(crate) async fn an_ejected_endpoint_comes_back<R: Runtime>(bench: Bench<R>) {
    let script = [Step::Fail, Step::Fail, Step::Fail, Step::Fail, Step::Fail, Step::Ok];
    let rig = Rig::new(bench, &script, quick());
    assert_eq!(rig.failures(10).await, 5);
    rig.bench.world.sleep(ms(13)).await;
    assert_eq!((rig.failures(10).await, rig.outlier.ejected()), (0, vec![]));
    assert_eq!(rig.sick.seen().len(), 10);
}

pub(crate) async fn an_ejected_endpoint_keeps_the_calls_it_has<R: Runtime>(bench: Bench<R>) {
    let config = EnvoyConfig { always_eject_one: true, ..EnvoyConfig::default() };
    let rig = Rig::new(bench, &[Step::OkAfter(ms(5)), Step::Fail], config);
    let route: Route = rig.outlier.clone();
    let calls = [(); 2].map(|()| rig.bench.start(&route, Context::default()));
    rig.bench.settle().await;
    assert_eq!(rig.failures(100).await, 5);
    assert_eq!(rig.outlier.ejected(), [EndpointKey::new(0)]);
    for call in calls {
        assert!(call.answer().await.is_ok());
    }
}
