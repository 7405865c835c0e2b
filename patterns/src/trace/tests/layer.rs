use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Time};
use proptest::prelude::*;

use crate::balance::{BalanceConfig, BalanceLayer};
use crate::call::{Baggage, Context, SpanId, TraceId};
use crate::env::Env;
use crate::fallback::{Chain, FallbackConfig, FallbackLayer};
use crate::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use crate::observe::{Observe, Signal};
use crate::retry::{Backoff, RetryConfig, RetryLayer};
use crate::sync::lock;
use crate::testing::{Server, Step, TestCall, TestEnv, TestWorld, ms, safe};
use crate::trace::{TraceConfig, TraceLayer};

/// Every span that was begun: its trace, its own id and that of its parent.
#[derive(Default)]
struct Spans(Mutex<Vec<(TraceId, SpanId, SpanId)>>);

impl Observe for Spans {
    fn signal(&self, _: Time, signal: &Signal<'_>) {
        if let Signal::Span { trace, span, parent } = signal {
            lock(&self.0).push((*trace, *span, *parent));
        }
    }
}

struct Bench {
    world: TestWorld,
    spans: Arc<Spans>,
    next: u64,
}

impl Bench {
    fn new() -> Self {
        Self { world: TestWorld::new(), spans: Arc::default(), next: 0 }
    }

    fn env(&mut self) -> TestEnv {
        self.next += 1;
        let observe = Arc::clone(&self.spans) as Arc<dyn Observe>;
        Env { observe, ..Env::new(self.world, Stream::from_seed(self.next)) }
    }

    fn traced(&mut self, config: TraceConfig, inner: TestCall) -> TestCall {
        TraceLayer::new(config, self.env(), inner)
    }

    fn server(&mut self, script: &[Step]) -> (Arc<Server>, TestCall) {
        let server = Server::new(self.world, script);
        let traced = self.traced(TraceConfig::default(), server.clone());
        (server, traced)
    }

    fn spans(&self) -> Vec<(TraceId, SpanId, SpanId)> {
        lock(&self.spans.0).clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_trace_is_begun_where_there_is_none_and_continued_where_there_is() {
    let mut bench = Bench::new();
    let (server, route) = bench.server(&[Step::Ok]);
    route.clone().call(safe()).await.unwrap();
    let brought = Context::new(Baggage {
        trace: TraceId(5),
        span: SpanId(6),
        sampled: true,
        ..safe().baggage
    });
    route.call(brought).await.unwrap();
    let seen = server.seen();
    assert!(seen[0].baggage.trace.0 != 0 && seen[0].baggage.span.0 != 0);
    assert_eq!((seen[1].baggage.trace, seen[1].baggage.sampled), (TraceId(5), true));
    let parents: Vec<SpanId> = bench.spans().iter().map(|(_, _, parent)| *parent).collect();
    assert_eq!(parents, [SpanId(0), SpanId(6)]);
    assert!(![SpanId(0), SpanId(6)].contains(&seen[1].baggage.span));
}

#[tokio::test(start_paused = true)]
async fn an_edge_that_trusts_nobody_begins_anew() {
    let mut bench = Bench::new();
    let server = Server::new(bench.world, &[Step::Ok]);
    let config = TraceConfig { restart: true, sampled: false };
    let route = bench.traced(config, server.clone());
    let brought = Context::new(Baggage {
        trace: TraceId(5),
        span: SpanId(6),
        sampled: true,
        ..safe().baggage
    });
    route.call(brought).await.unwrap();
    let seen = &server.seen()[0];
    assert!(seen.baggage.trace != TraceId(5) && !seen.baggage.sampled);
    assert_eq!(bench.spans()[0].2, SpanId(0));
}

#[tokio::test(start_paused = true)]
async fn ids_are_those_of_the_stream() {
    let ids = || async {
        let mut bench = Bench::new();
        let (_, route) = bench.server(&[Step::Ok]);
        route.call(safe()).await.unwrap();
        bench.spans()
    };
    assert_eq!(ids().await, ids().await);
}

fn script() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        Just(Step::Ok),
        Just(Step::Fail),
        Just(Step::Hang),
        (1u64..60).prop_map(|millis| Step::OkAfter(ms(millis))),
    ];
    prop::collection::vec(step, 1..6)
}

proptest! {
    /// edge(fallback(retry(hedge(balance(span(server)))))): whatever fails, one id joins every
    /// span, each has an id of its own, and all hang together by their parents.
    #[test]
    fn one_id_joins_every_span(scripts in prop::collection::vec(script(), 3), leave in 1u64..400) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let spans = runtime.block_on(async {
            let mut bench = Bench::new();
            let routes = scripts[..2].iter().map(|script| bench.server(script).1).collect();
            let balance = BalanceLayer::new(BalanceConfig::default(), bench.env(), routes);
            let delay = HedgeDelay::Fixed(ms(20));
            let hedge = HedgeConfig { delay, budget: None, ..HedgeConfig::default() };
            let hedge = HedgeLayer::new(hedge, bench.env(), balance);
            let backoff = Backoff::Fixed { delay: ms(5) };
            let retry = RetryConfig { backoff, ..RetryConfig::default() };
            let retry = RetryLayer::new(retry, bench.env(), hedge);
            let (_, other) = bench.server(&scripts[2]);
            let chain = Chain::new(|_: &mut u32| {}).call(FallbackConfig::default(), other);
            let fallback = FallbackLayer::new(bench.env(), retry, chain);
            let edge = bench.traced(TraceConfig::default(), fallback);
            let call = tokio::spawn(edge.call(safe()));
            bench.world.sleep(ms(leave)).await;
            call.abort();
            bench.spans()
        });
        let (trace, root, parent) = spans[0];
        prop_assert!(trace.0 != 0 && parent == SpanId(0));
        let own: BTreeSet<SpanId> = spans.iter().map(|(_, span, _)| *span).collect();
        prop_assert_eq!(own.len(), spans.len(), "no two spans have one id");
        for (joined, _, parent) in &spans[1..] {
            prop_assert_eq!(*joined, trace);
            prop_assert_eq!(*parent, root, "every try serves the request at the edge");
        }
    }
}
