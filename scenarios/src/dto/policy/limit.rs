use schemars::JsonSchema;
use serde::Deserialize;

use crate::dto::words::string_or_object;
use crate::units::{Duration, Share};

/// A bound on calls under way that finds itself: the name of a rule, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit(pub(crate) LimitObject);

string_or_object!(
    Limit,
    "the name of a rule such as \"gradient2\" or an object",
    LimitName,
    |name: LimitName| Limit(LimitObject {
        algorithm: name.into(),
        window: None,
        count_local: None
    }),
    LimitObject,
    Limit
);

/// A rule, and what it is shown.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitObject {
    /// The rule by which the limit moves.
    pub(crate) algorithm: LimitAlgorithm,
    /// Shows the rule the mean of many calls instead of each; off.
    pub(crate) window: Option<LimitWindow>,
    /// Also counts what the caller itself refused and calls whose deadline had passed; no.
    pub(crate) count_local: Option<bool>,
}

/// A rule with its defaults.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LimitName {
    /// One more with each answer, a tenth less when a call is lost.
    Aimd,
    /// Holds a short queue, judged by the shortest latency.
    Vegas,
    /// Follows the ratio of the latency of the past to that of now.
    Gradient2,
    /// Follows the ratio of a latency measured without load to that of now.
    Gradient,
}

/// A rule and its numbers.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LimitRule {
    /// One more with each answer, a share less when a call is lost.
    Aimd(Aimd),
    /// Holds a short queue, judged by the shortest latency.
    Vegas(Vegas),
    /// Follows the ratio of the latency of the past to that of now.
    Gradient2(Gradient2),
    /// Follows the ratio of a latency measured without load to that of now.
    Gradient(Gradient),
}

/// The rule by which a limit moves: a name, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LimitAlgorithm(pub(crate) LimitRule);

string_or_object!(
    LimitAlgorithm,
    "the name of a rule such as \"gradient2\" or an object",
    LimitName,
    LimitAlgorithm::from,
    LimitRule,
    LimitAlgorithm
);

impl From<LimitName> for LimitAlgorithm {
    fn from(name: LimitName) -> Self {
        Self(match name {
            LimitName::Aimd => LimitRule::Aimd(Aimd::default()),
            LimitName::Vegas => LimitRule::Vegas(Vegas::default()),
            LimitName::Gradient2 => LimitRule::Gradient2(Gradient2::default()),
            LimitName::Gradient => LimitRule::Gradient(Gradient::default()),
        })
    }
}

/// Additive increase, multiplicative decrease.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Aimd {
    /// Where the limit begins; 20.
    pub(crate) initial: Option<u32>,
    /// The least it can be; 20.
    pub(crate) min: Option<u32>,
    /// The most it can be; 200.
    pub(crate) max: Option<u32>,
    /// What a lost call multiplies it by; 0.9.
    pub(crate) backoff: Option<f64>,
    /// A call that takes longer counts as lost; 5s.
    pub(crate) timeout: Option<Duration>,
}

/// TCP Vegas for calls.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vegas {
    /// Where the limit begins; 20.
    pub(crate) initial: Option<u32>,
    /// The most it can be; 1000.
    pub(crate) max: Option<u32>,
    /// The share of a step that is taken; 1.
    pub(crate) smoothing: Option<f64>,
    /// The shortest latency is forgotten after so many times the limit of calls; 30.
    pub(crate) probe: Option<u32>,
}

/// Netflix' Gradient2.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gradient2 {
    /// Where the limit begins; 20.
    pub(crate) initial: Option<u32>,
    /// The least it can be; 20.
    pub(crate) min: Option<u32>,
    /// The most it can be; 200.
    pub(crate) max: Option<u32>,
    /// The share of a step that is taken; 0.2.
    pub(crate) smoothing: Option<f64>,
    /// Calls that may queue; 4.
    pub(crate) queue: Option<u32>,
    /// How many times the latency of the past is not slower yet; 1.5.
    pub(crate) tolerance: Option<f64>,
    /// The calls over which the latency of the past is averaged; 600.
    pub(crate) long_window: Option<u32>,
}

/// Envoy's gradient controller.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gradient {
    /// The least the limit can be, and what it is while a latency without load is measured; 3.
    pub(crate) min: Option<u32>,
    /// The most it can be; 1000.
    pub(crate) max: Option<u32>,
    /// How often it moves; 100ms.
    pub(crate) update: Option<Duration>,
    /// How often the latency without load is measured; 60s.
    pub(crate) min_rtt_interval: Option<Duration>,
    /// The share by which that interval is stretched at random; 15%.
    pub(crate) jitter: Option<Share>,
    /// Answers that make a measurement; 50.
    pub(crate) min_rtt_samples: Option<u32>,
    /// The share by which the latency may be longer than without load; 25%.
    pub(crate) buffer: Option<Share>,
    /// Which latency of many is taken; 50%.
    pub(crate) quantile: Option<Share>,
}

/// A summary of many calls.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitWindow {
    /// Calls it must hold; 10.
    pub(crate) samples: Option<u32>,
    /// The shortest it is; 1s.
    pub(crate) min: Option<Duration>,
    /// The longest it is; 1s.
    pub(crate) max: Option<Duration>,
    /// Calls that took less are left out; 100us.
    pub(crate) min_rtt: Option<Duration>,
}
