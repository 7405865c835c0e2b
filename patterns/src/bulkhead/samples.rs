use super::{BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig, PoolConfig};
use crate::call::{Context, Layer, Reason};
use crate::layer_tests::{Sample, env};
use crate::testing::{Step, ms};

const ONE: BulkheadConfig = BulkheadConfig { limit: 1, max_wait: ms(10), max_waiting: Some(2) };
const WAITED: Option<(Step, usize, Layer, Reason)> =
    Some((Step::Hang, 9, Layer::BULKHEAD, Reason::WAITED_TOO_LONG));

pub(crate) const SAMPLES: &[Sample] = &[
    Sample {
        name: "bulkhead",
        build: |inner| BulkheadLayer::new(ONE, env(), inner),
        shown: ["BulkheadLayer", "max_waiting: Some(2)", "in_flight: 1"],
        refuses: WAITED,
        ..Sample::PLAIN
    },
    Sample {
        name: "keyed bulkhead",
        build: |inner| {
            let config = KeyedBulkheadConfig { each: ONE, max_keys: 1 };
            let key = Box::new(|request: &Context| request.baggage.depth.into());
            BulkheadLayer::keyed(config, key, env(), inner)
        },
        shown: ["BulkheadLayer", "max_keys: 1", "in_flight: 1"],
        refuses: WAITED,
        ..Sample::PLAIN
    },
    Sample {
        name: "pool",
        build: |inner| {
            let config = PoolConfig { core: 1, max: 1, queue: 2, ..PoolConfig::default() };
            BulkheadLayer::pool(config, env(), inner)
        },
        shown: ["BulkheadLayer", "queue: 2", "busy: 1"],
        refuses: Some((Step::Hang, 9, Layer::BULKHEAD, Reason::FULL)),
        ..Sample::PLAIN
    },
];
