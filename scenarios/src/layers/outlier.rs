use cascadia_models::plan::LayerPlan;
use cascadia_patterns::call::Kinds;
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::outlier::{
    EnvoyConfig, FailurePercentage, GrpcConfig, OutlierConfig, Run, SuccessRate,
};

use super::kinds::{Counting, Judging};
use super::layer::{Layer, Standing};
use super::place::Place;
use crate::decode::{Decode, Def, Shape, choice, object, settings, wrong_shape};
use crate::diagnostics::{Code, Diagnostic, Report};
use crate::text::{Node, Value};
use crate::units::{Duration, Share};

/// What it alone is refused for.
pub(super) const CODES: &[Code] = &[NOTHING_TO_COMPARE];

const NOTHING_TO_COMPARE: Code = Code {
    code: "S036",
    title: "outlier detection without a balancer",
    text: "Outlier detection compares the replicas of a service and takes some of them out of the \
        choice of the balancer, so it stands directly outside `balance` in a policy. Around a \
        single replica there is nothing to compare.",
};

choice! {
    /// Takes replicas that behave unlike the others out of the choice of the balancer, by
    /// somebody's rules; directly outside `balance`.
    pub(super) enum Outlier: (OutlierConfig, Kinds) {
        /// Those of Envoy.
        envoy(Judging<EnvoyConfig, Counting>) => |(rules, kinds)| (OutlierConfig::Envoy(rules), kinds),
        /// Those of gRPC A50.
        grpc(Judging<GrpcConfig, Counting>) => |(rules, kinds)| (OutlierConfig::Grpc(rules), kinds),
    }
}

settings! {
    /// Outlier detection by the rules of Envoy.
    "EnvoyOutlier" for EnvoyConfig {
        /// Between two sweeps.
        interval: Duration,
        /// How long a replica is ejected, times how often it was.
        base_ejection_time: Duration,
        /// The longest ejection.
        max_ejection_time: Duration,
        /// The most that is added to each ejection at random.
        max_ejection_time_jitter: Duration,
        /// The share of replicas that may be ejected, the one to be ejected included.
        max_ejection_percent: Share,
        /// One may be ejected however few there are.
        always_eject_one: bool,
        /// Calls that bring no answer are counted apart.
        split_local_errors: bool,
        /// Errors in a row.
        consecutive: ErrorRun,
        /// Refusals and timeouts in a row.
        consecutive_gateway: ErrorRun,
        /// Timeouts in a row, where they are counted apart.
        consecutive_local: ErrorRun,
        /// A share of successes far below that of the others.
        success_rate: SuccessRate,
        /// The share of outliers by timeouts alone that is ejected.
        enforcing_local_success_rate: Share,
        /// A share of failures that is too large.
        failure_percentage: FailurePercentage => "not enforced",
        /// The share of outliers by timeouts alone that is ejected.
        enforcing_local_failure_percentage: Share,
        /// Also counts what the caller itself refused and calls whose deadline had passed.
        count_local: bool,
    }
    then |config, node| {
        if node.get("max_ejection_time").is_none() {
            config.max_ejection_time = config.max_ejection_time.max(config.base_ejection_time);
        }
    }
}

settings! {
    /// Outlier detection by the rules of gRPC A50.
    "GrpcOutlier" for GrpcConfig {
        /// Between two sweeps.
        interval: Duration,
        /// How long a replica is ejected, times how often it was.
        base_ejection_time: Duration,
        /// The longest ejection.
        max_ejection_time: Duration,
        /// The share of ejected replicas from which on no more are.
        max_ejection_percent: Share,
        /// A share of successes far below that of the others.
        success_rate: Option<SuccessRate> => "looked at unless failure_percentage is given alone",
        /// A share of failures that is too large.
        failure_percentage: Option<FailurePercentage> => "not looked at",
        /// Also counts what the caller itself refused and calls whose deadline had passed.
        count_local: bool,
    }
    then |config, node| {
        if node.get("success_rate").is_none() && config.failure_percentage.is_some() {
            config.success_rate = None;
        }
    }
}

settings! {
    /// A share of successes far below that of the others.
    "SuccessRate" for SuccessRate {
        /// How many standard deviations below the mean.
        stdev_factor: f64,
        /// Replicas that must have had enough calls.
        minimum_hosts: u32,
        /// Calls in an interval that are enough.
        request_volume: u32,
        /// The share of outliers that is ejected.
        enforcing: Share,
    }
}

settings! {
    /// A share of failures that is too large.
    "FailurePercentage" for FailurePercentage {
        /// The share.
        threshold: Share,
        /// Replicas that must have had enough calls.
        minimum_hosts: u32,
        /// Calls in an interval that are enough.
        request_volume: u32,
        /// The share of outliers that is ejected.
        enforcing: Share => "100%, and 0% with Envoy",
    }
}

/// Errors in a row: their number, or an object.
#[derive(Debug)]
enum ErrorRun {}

object! {
    /// Errors in a row.
    struct ErrorRunObject {
        /// How many of them make an outlier.
        errors: Option<u32> => EnvoyConfig::default().consecutive.errors,
        /// The share of outliers that is ejected.
        enforcing: Option<Share> => "100%, and 0% for consecutive_gateway",
    }
}

impl Decode for ErrorRun {
    type Value = Run;

    fn decode(node: &Node, report: &mut Report) -> Option<Run> {
        let mut run = EnvoyConfig::default().consecutive;
        Self::update(&mut run, node, report).map(|()| run)
    }

    fn update(run: &mut Run, node: &Node, report: &mut Report) -> Option<()> {
        match &node.value {
            Value::Number(_) => run.errors = u32::decode(node, report)?,
            Value::Object(_) => {
                let given = ErrorRunObject::decode(node, report)?;
                run.errors = given.errors.unwrap_or(run.errors);
                run.enforcing = given.enforcing.unwrap_or(run.enforcing);
            }
            _ => {
                wrong_shape(node, Self::shape(), report);
                return None;
            }
        }
        Some(())
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "ErrorRun",
            about: "Errors in a row: their number, or an object.",
            parts: || vec![u32::shape(), ErrorRunObject::shape()],
        })
    }

    fn show(run: &Run) -> Option<String> {
        let enforced = if run.enforcing > 0.0 { "" } else { ", not enforced" };
        Some(format!("{}{enforced}", run.errors))
    }
}

impl Layer for OutlierConfig {
    fn plan(&self, _: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        vec![LayerPlan::new(*self)]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check()
    }

    /// It looks at all replicas at once, which only a balancer does.
    fn check_place(&self, standing: &Standing<'_>, report: &mut Report) {
        if standing.is_next_to_balancer() {
            return;
        }
        let policy = standing.policy.name;
        let message = format!("the outlier detection of policy `{policy}` has no balancer");
        let diagnostic = Diagnostic::error(NOTHING_TO_COMPARE.code, message)
            .at(standing.node().span, "not directly outside a `balance`")
            .help("it takes replicas out of the choice of a balancer: put it directly before it");
        report.push(diagnostic);
    }
}
