use super::{
    CodelConfig, DagorConfig, DagorLayer, DisciplineConfig, Order, QueueConfig, QueueLayer,
    WaitGauge,
};
use crate::call::{Layer, Reason};
use crate::layer_tests::{Sample, env};
use crate::testing::{Step, TestCall, ms};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample {
        name: "queue",
        build: queue,
        shown: ["QueueLayer", "above: 1", "in_flight: 1"],
        refuses: Some((Step::Hang, 9, Layer::SHED, Reason::FULL)),
        ..Sample::PLAIN
    },
    Sample {
        name: "dagor",
        build: |inner| DagorLayer::new(WaitGauge::new(DagorConfig::default()), env(), inner),
        shown: ["DagorLayer", "priorities: ", "requests: 1"],
        ..Sample::PLAIN
    },
];

fn queue(inner: TestCall) -> TestCall {
    let codel = Some(CodelConfig { target: ms(1), interval: ms(5) });
    let discipline = DisciplineConfig { order: Order::Adaptive { above: 1 }, codel };
    let config = QueueConfig { limit: 1, max_waiting: Some(3), discipline };
    QueueLayer::new(config, None, env(), inner)
}
