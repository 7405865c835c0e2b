use std::collections::BTreeMap;
use std::time;

use cascadia_models::laws;

use super::settings::{
    AbsNormal, Erlang, ExpBranch, Found, Gamma, LogNormal, Mean, Pareto, Uniform, Weibull,
    constant, nanos, quantiles,
};
use crate::decode::{Decode, Def, Shape, choice, object, wrong_shape};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;
use crate::units::{Duration, duration_as_written};

/// A law of durations: a fixed one, or a choice of distributions.
#[derive(Debug)]
pub(crate) enum Law {}

impl Decode for Law {
    type Value = laws::Law;

    /// A law that does not exist is reported and stood in for, so that what it is a part of is
    /// looked at all the same.
    fn decode(node: &Node, report: &mut Report) -> Option<laws::Law> {
        let law = if LawKind::shape().fits(node) {
            LawKind::decode(node, report)?
        } else if Duration::shape().fits(node) {
            constant(Duration::decode(node, report)?)
        } else {
            wrong_shape(node, Self::shape(), report);
            return None;
        };
        let checked = law.and_then(|law| law.check().map(|()| law));
        Some(checked.unwrap_or_else(|sentence| {
            let message = format!("this law does not exist: {sentence} (times in ns)");
            report.push(Diagnostic::error("S032", message).at(node.span, "this law"));
            laws::Law::Constant(0.0)
        }))
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "Law",
            about: "A law of durations: a fixed one, or a distribution.",
            parts: || vec![Duration::shape(), LawKind::shape()],
        })
    }

    fn show(law: &laws::Law) -> Option<String> {
        let laws::Law::Constant(nanos) = law else { return None };
        Some(duration_as_written(time::Duration::from_nanos(*nanos as u64)))
    }
}

choice! {
    /// A distribution of durations.
    pub(crate) enum LawKind: Found {
        /// Always the same.
        constant(Duration) => constant,
        /// Anything between two ends, equally likely.
        uniform(Uniform) => |Uniform { min, max }| {
            Ok(laws::Law::Uniform { low: nanos(min), high: nanos(max) })
        },
        /// Exponential.
        exp(Mean) => |Mean { mean }| Ok(laws::Law::Exponential { mean: nanos(mean) }),
        /// Log-normal, by its median and either its 99th percentile or its sigma.
        lognormal(LogNormal) => LogNormal::law,
        /// A sum of exponential stages.
        erlang(Erlang) => Erlang::law,
        /// One of several exponentials.
        hyperexp(Vec<ExpBranch>) => |branches| {
            let branches = branches.into_iter().map(|it| (it.weight, nanos(it.mean))).collect();
            Ok(laws::Law::Hyperexponential { branches })
        },
        /// Pareto, cut at `max` if given.
        pareto(Pareto) => |Pareto { min, shape, max }| Ok(match max {
            None => laws::Law::Pareto { min: nanos(min), shape },
            Some(max) => laws::Law::BoundedPareto { min: nanos(min), max: nanos(max), shape },
        }),
        /// Gamma.
        gamma(Gamma) => |Gamma { shape, mean }| Ok(laws::Law::Gamma { shape, mean: nanos(mean) }),
        /// Weibull.
        weibull(Weibull) => |Weibull { shape, scale }| {
            Ok(laws::Law::Weibull { shape, scale: nanos(scale) })
        },
        /// The absolute value of a normal law.
        abs_normal(AbsNormal) => |AbsNormal { mean, sd }| {
            Ok(laws::Law::AbsNormal { mean: nanos(mean), sd: nanos(sd) })
        },
        /// One of several laws.
        mixture(Vec<LawBranch>) => |branches| {
            let branches = branches.into_iter().map(|it| (it.weight, it.law)).collect();
            Ok(laws::Law::Mixture { branches })
        },
        /// Quantiles from "0%" to "100%", interpolated linearly.
        quantiles(BTreeMap<String, Duration>) => quantiles,
    }
}

object! {
    /// A branch of a mixture.
    pub(crate) struct LawBranch {
        /// How likely it is; plain numbers that sum to 1.
        weight: f64,
        /// What it is then.
        law: Law,
    }
}
