//! What the steps of an endpoint do besides working and calling.

use std::sync::Arc;
use std::time::Duration;

use cascadia_models::laws::Law;
use cascadia_models::plan::{
    Act, Asked, ConsumePlan, EndpointId, Inside, PublishPlan, RowOf, ServiceId, StackId, Step,
    Times, Visit,
};

use cascadia_patterns::messaging::producer::WhenFull;

use crate::analysis::graph::many;

/// Of those who compare and set one row at the same time all fail but one.
const CONTENDED: f64 = 0.9;

/// A topic of a broker.
pub(super) type TopicName = (Arc<str>, String);

/// What is consumed.
pub(super) fn topics(consume: &ConsumePlan) -> impl Iterator<Item = TopicName> {
    let topics = consume.config.subscription.topics.iter();
    topics.map(|topic| (consume.broker.clone(), topic.as_str().to_owned()))
}

/// What is done for one request on average.
#[derive(Default)]
pub(super) struct Deeds {
    /// The share of requests that fails by itself.
    pub(super) failing: f64,
    /// Messages that are published, and how many bytes each has.
    pub(super) published: Vec<(TopicName, f64, usize)>,
    /// The topics of messages whose confirmation is waited for.
    pub(super) awaited: Vec<TopicName>,
    /// The topics that are asked for a reply, how often, and how long it is waited for.
    pub(super) asked: Vec<(TopicName, f64, Duration)>,
    /// Rows of stores that are asked for.
    pub(super) rows: f64,
}

/// What steps do for one request.
pub(super) fn deeds(script: &[Step]) -> Deeds {
    let mut walk = Walk { left: 1.0, share: 1.0, deeds: Deeds::default() };
    walk.steps(script);
    walk.deeds
}

struct Walk {
    /// The share of requests that come as far as here, of those that came to the first of the steps.
    left: f64,
    /// The share of all that came to the first of the steps, or how often they are done.
    share: f64,
    deeds: Deeds,
}

impl Walk {
    /// Looks at steps of their own, which this share comes to. Returns the share that goes on.
    fn of(&mut self, share: f64, steps: &[Step]) -> f64 {
        let outer = (self.left, self.share);
        (self.left, self.share) = (1.0, outer.1 * share);
        self.steps(steps);
        let left = self.left;
        (self.left, self.share) = outer;
        left
    }

    fn published(&mut self, plan: &PublishPlan, is_awaited: bool) {
        let topic = (Arc::clone(&plan.broker), plan.topic.as_str().to_owned());
        self.deeds.awaited.extend(is_awaited.then(|| topic.clone()));
        self.deeds.published.push((topic, self.share * self.left, plan.size));
    }
}

impl Visit for Walk {
    fn work(&mut self, _: &Law) {}

    fn call(&mut self, _: ServiceId, _: EndpointId, _: Option<StackId>) {}

    fn publish(&mut self, plan: &PublishPlan) {
        // What does not fit in is waited with as well.
        let is_held = matches!(plan.config.when_full, WhenFull::Block(_));
        self.published(plan, plan.waits || is_held);
    }

    fn request(&mut self, plan: &PublishPlan, timeout: Duration) {
        self.published(plan, true);
        let topic = (Arc::clone(&plan.broker), plan.topic.as_str().to_owned());
        self.deeds.asked.push((topic, self.share * self.left, timeout));
    }

    fn access(&mut self, _: ServiceId, asked: &Asked) {
        self.deeds.rows += self.share * self.left;
        if asked.act == Act::Compare && matches!(asked.row, RowOf::Always(_)) {
            self.deeds.failing += self.share * self.left * CONTENDED;
        }
        for inside in asked.inside.iter().flat_map(|inside| inside.iter()) {
            if let Inside::Publish(plan) = inside {
                self.published(plan, false);
            }
        }
    }

    fn branches(&mut self, branches: &[Vec<Step>]) {
        let begin = self.left;
        for steps in branches {
            self.left *= self.of(begin, steps);
        }
    }

    fn ends(&mut self, share: f64) {
        self.left *= 1.0 - share;
    }

    fn fails(&mut self, share: f64) {
        self.deeds.failing += self.share * self.left * share;
        self.ends(share);
    }

    fn ways(&mut self, ways: &[(f64, &[Step])]) {
        let begin = self.left;
        let left: f64 =
            ways.iter().map(|(share, steps)| share * self.of(begin * share, steps)).sum();
        self.left = begin * left;
    }

    fn turns(&mut self, times: Times, steps: &[Step]) {
        let begin = self.left;
        // How many turns there are depends on how many come through one of them.
        let through = {
            let mut turn = Self { left: 1.0, share: 0.0, deeds: Deeds::default() };
            turn.steps(steps);
            turn.left
        };
        let (turns, left) = many(times, through);
        self.of(begin * turns, steps);
        self.left = begin * left;
    }
}
