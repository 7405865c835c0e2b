//! The limit that finds itself.

use std::sync::Arc;

use cascadia_patterns::call::{Call, Context, Failure, Layer, Reason};
use cascadia_patterns::limit::{
    AimdConfig, Algorithm, Gradient2Config, GradientConfig, LimitConfig, LimitLayer, VegasConfig,
};
use cascadia_runtime::Runtime;

use super::bench::{Bench, Recorder, Route, ms};
use super::server::{DOWN, OK, Server, Step};

type Layered<R> = Arc<LimitLayer<R, Context, u32, &'static str>>;

fn all() -> [Algorithm; 4] {
    [
        Algorithm::Aimd(AimdConfig { initial: 3, min: 1, ..AimdConfig::default() }),
        Algorithm::Vegas(VegasConfig { initial: 3, ..VegasConfig::default() }),
        Algorithm::Gradient2(Gradient2Config { initial: 3, min: 1, ..Gradient2Config::default() }),
        Algorithm::Gradient(GradientConfig::default()),
    ]
}

fn limit<R: Runtime>(
    bench: &Bench<R>,
    seen: &Arc<Recorder>,
    algorithm: Algorithm,
    script: &[Step],
) -> Layered<R> {
    let config = LimitConfig { algorithm, ..LimitConfig::default() };
    LimitLayer::new(config, bench.env(seen), Server::new(bench, script))
}

pub(crate) async fn every_rule_refuses_over_its_limit<R: Runtime>(bench: Bench<R>) {
    for algorithm in all() {
        let layer = limit(&bench, &Arc::default(), algorithm, &[Step::Hang]);
        let route: Route = layer.clone();
        let hung: Vec<_> = (0..3).map(|_| bench.start(&route, Context::default())).collect();
        bench.settle().await;
        assert_eq!((layer.in_flight(), layer.limit()), (3, 3));
        match Arc::clone(&route).call(Context::default()).await {
            Err(Failure::Rejected(rejection)) => {
                assert_eq!((rejection.by, rejection.reason), (Layer::LIMIT, Reason::FULL));
            }
            other => panic!("{algorithm:?}: {other:?}"),
        }
        hung.iter().for_each(|call| call.abort());
        bench.settle().await;
        assert_eq!((layer.in_flight(), layer.limit()), (0, 3), "{algorithm:?}");
    }
}

pub(crate) async fn errors_and_leavers_move_no_limit<R: Runtime>(bench: Bench<R>) {
    for algorithm in all() {
        let layer = limit(&bench, &Arc::default(), algorithm, &[Step::Fail]);
        for _ in 0..20 {
            assert_eq!(Arc::clone(&layer).call(Context::default()).await, DOWN);
        }
        assert_eq!((layer.in_flight(), layer.limit()), (0, 3), "{algorithm:?}");
    }
}

pub(crate) async fn answers_move_the_limit_and_it_is_told<R: Runtime>(bench: Bench<R>) {
    let seen = Arc::<Recorder>::default();
    let layer = limit(&bench, &seen, all()[0], &[Step::OkAfter(ms(2))]);
    let route: Route = layer.clone();
    let calls: Vec<_> = (0..3).map(|_| bench.start(&route, Context::default())).collect();
    for call in calls {
        assert_eq!(call.answer().await, OK);
    }
    // The first of the three used less than half of the limit.
    assert_eq!(layer.limit(), 5);
    let levels = ["Level(limit, 3.0)", "Level(limit, 4.0)", "Level(limit, 5.0)"];
    assert_eq!(seen.signals(), levels);
}
