use std::sync::Arc;

use super::{EnvoyConfig, GrpcConfig, OutlierConfig, OutlierLayer};
use crate::balance::{BalanceConfig, BalanceLayer};
use crate::call::{Context, call_fn};
use crate::layer_tests::{Sample, env};
use crate::testing::TestCall;

pub(crate) const SAMPLES: &[Sample] = &[
    Sample {
        name: "outlier",
        build: |inner| {
            let config = EnvoyConfig { max_ejection_percent: 1.0, ..EnvoyConfig::default() };
            outlier(OutlierConfig::Envoy(config), Arc::clone(&inner), inner)
        },
        shown: ["OutlierLayer", "max_ejection_percent: 1.0", "outstanding: 1"],
        watches: Some(|inner, count_local| {
            let config =
                EnvoyConfig { max_ejection_percent: 0.5, count_local, ..EnvoyConfig::default() };
            outlier(OutlierConfig::Envoy(config), inner, well())
        }),
        ..Sample::PLAIN
    },
    Sample {
        name: "grpc outlier",
        build: |inner| {
            outlier(OutlierConfig::Grpc(GrpcConfig::default()), Arc::clone(&inner), inner)
        },
        shown: ["OutlierLayer", "Grpc", "outstanding: 1"],
        watches: Some(|inner, count_local| {
            let config = GrpcConfig { count_local, ..GrpcConfig::default() };
            outlier(OutlierConfig::Grpc(config), inner, well())
        }),
        ..Sample::PLAIN
    },
];

fn well() -> TestCall {
    call_fn(|_: Context| async { Ok(7) })
}

fn outlier(config: OutlierConfig, one: TestCall, other: TestCall) -> TestCall {
    let balance = BalanceLayer::new(BalanceConfig::default(), env(), vec![one, other]);
    OutlierLayer::new(config, env(), balance)
}
