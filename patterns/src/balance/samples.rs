use std::sync::Arc;

use super::{BalanceConfig, BalanceLayer};
use crate::layer_tests::{Sample, env};

pub(crate) const SAMPLES: &[Sample] = &[Sample {
    name: "balance",
    build: |inner| {
        BalanceLayer::new(BalanceConfig::default(), env(), vec![Arc::clone(&inner), inner])
    },
    shown: ["BalanceLayer", "RoundRobin", "outstanding: 1"],
    ..Sample::PLAIN
}];
