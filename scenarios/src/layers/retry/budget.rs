use cascadia_patterns::retry::{
    self, AwsConfig, BucketConfig, BudgetConfig, ConcurrentConfig, CumulativeConfig, Deposit,
    TokensConfig,
};

use crate::decode::{Absent, Decode, Def, Field, Kind, Object, Shape, choice, settings, words};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Member, Node};
use crate::units::{Duration, PerSecond, Share};

settings! {
    /// A share of the requests.
    "Ratio" for BudgetConfig {
        /// Retries for each request.
        ratio: Share,
        /// How long a request counts.
        ttl: Duration,
        /// Retries for each second besides.
        min_per_second: PerSecond,
    }
}

choice! {
    /// A bound on retries that is no share of the requests.
    enum Kinds: retry::Budget {
        /// Tokens that failures cost and successes earn.
        tokens(TokensConfig) => retry::Budget::Tokens,
        /// A bucket from which a retry takes what its failure costs.
        aws(AwsConfig) => retry::Budget::Aws,
        /// A bound on the retries under way at once.
        concurrent(ConcurrentConfig) => retry::Budget::Concurrent,
        /// A small bucket that requests or successes fill.
        bucket(BucketConfig) => retry::Budget::Bucket,
        /// No retries while too large a share of all there was has failed.
        cumulative(CumulativeConfig) => retry::Budget::Cumulative,
    }
}

settings! {
    /// Retries while more than half of the tokens are there (gRPC).
    "Tokens" for TokensConfig {
        /// The most tokens there can be.
        max: f64,
        /// What a success earns; a failure costs 1.
        ratio: f64,
    }
}

settings! {
    /// A bucket that first tries fill when they succeed, and retries by what they cost.
    "Aws" for AwsConfig {
        /// What it holds.
        capacity: u32,
        /// What a retry costs.
        retry: u32,
        /// What a retry after a timeout costs.
        timeout: u32,
        /// What a retry after a refusal for overload costs.
        throttling: u32,
    }
}

settings! {
    /// A bound on the retries under way at once (Envoy).
    "Concurrent" for ConcurrentConfig {
        /// Retries for each try under way.
        share: Share,
        /// Retries that are allowed in any case.
        min: u32,
    }
}

settings! {
    /// A bucket of retries (Brooker). A retry costs 1 and is made while there is more than 1.
    "Bucket" for BucketConfig {
        /// What it holds.
        capacity: f64,
        /// What comes in each time.
        deposit: f64,
        /// When something comes in.
        on: Deposit,
    }
}

words! {
    /// When something comes into a bucket.
    "DepositOn" for Deposit {
        /// At each first try.
        request => Deposit::Request,
        /// At each success.
        success => Deposit::Success,
    }
}

settings! {
    /// Retries while the failures there ever were are at most a share of the first tries.
    "Cumulative" for CumulativeConfig {
        /// That share.
        failures: Share,
    }
}

/// A share of the requests, or exactly one of the other kinds.
#[derive(Debug)]
pub(super) enum Budget {}

impl Decode for Budget {
    type Value = retry::Budget;

    fn decode(node: &Node, report: &mut Report) -> Option<retry::Budget> {
        let known: Vec<&str> = fields().iter().map(|field| field.key).collect();
        Object::open(node, Self::shape(), &known, report)?.close(|| Some(()))?;
        if !is_of_one_kind(node, &known, report) {
            return None;
        }
        let other = Kinds::KINDS.iter().find(|kind| node.get(kind.key).is_some());
        match other.and_then(|kind| kind.under.as_ref().zip(node.get(kind.key))) {
            Some((under, node)) => (under.decode)(node, report),
            None => BudgetConfig::decode(node, report).map(retry::Budget::Ratio),
        }
    }

    fn shape() -> Shape {
        Shape::Object(Def {
            name: "Budget",
            about: "A bound on retries: a share of the requests, or exactly one other kind.",
            parts: fields,
        })
    }
}

fn fields() -> Vec<Field> {
    let mut fields = ratio();
    // None of them need be given.
    let absent = Absent::Means("a share of the requests".to_owned());
    let kinds = Kinds::KINDS.iter().map(Kind::field);
    fields.extend(kinds.map(|field| Field { absent: absent.clone(), ..field }));
    fields
}

/// The keys of a share of the requests.
fn ratio() -> Vec<Field> {
    match BudgetConfig::shape() {
        Shape::Object(def) => (def.parts)(),
        _ => Vec::new(),
    }
}

/// Refuses a budget of several kinds.
fn is_of_one_kind(node: &Node, known: &[&str], report: &mut Report) -> bool {
    let ratio = ratio();
    let is_ratio = |key: &str| ratio.iter().any(|field| field.key == key);
    let kind = |member: &Member| if is_ratio(&member.key) { "" } else { &member.key }.to_owned();
    let mut given = node.members().iter().filter(|member| known.contains(&&*member.key));
    let Some(first) = given.next() else { return true };
    let Some(other) = given.find(|other| kind(other) != kind(first)) else { return true };
    let message = format!("a budget is of one kind, not `{}` and `{}`", first.key, other.key);
    let diagnostic = Diagnostic::error("S009", message)
        .at(other.span, "and this one")
        .at(first.span, "this one");
    let kinds: Vec<&str> = Kinds::KINDS.iter().map(|kind| kind.key).collect();
    let help =
        format!("keep exactly one of {}, or ratio with ttl and min_per_second", kinds.join(", "));
    report.push(diagnostic.help(help));
    false
}
