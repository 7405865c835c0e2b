//! nexosim: models that schedule their own events. It knows neither tasks to wait for nor streams.

use std::time::{Duration, Instant};

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::Output;
use nexosim::simulation::{EventKey, Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::workload::{ARMED, LIMIT, Times, WORK, Workload};

pub(crate) fn run(workload: Workload, operations: u64) -> Option<Duration> {
    let left = workload.each(operations);
    let began = Instant::now();
    let mut bench = SimInit::with_num_threads(1);
    match workload {
        Workload::Sleep1k | Workload::Sleep100k => {
            for number in 0..workload.tasks() {
                let sleeper = Sleeper { times: Times::of_task(number), left };
                bench = bench.add_model(sleeper, Mailbox::new(), "sleeper");
            }
        }
        Workload::TimeoutOne | Workload::TimeoutMany => {
            for _ in 0..workload.tasks() {
                bench = bench.add_model(Caller { left, limit: None }, Mailbox::new(), "caller");
            }
        }
        Workload::Churn => {
            for number in 0..workload.tasks() {
                let left = left / ARMED as u64;
                let churner = Churner { times: Times::of_task(number), left, armed: Vec::new() };
                bench = bench.add_model(churner, Mailbox::new(), "churner");
            }
        }
        Workload::PingPong => {
            let (mut here, mut there) = (Player::default(), Player::default());
            let (mailbox_here, mailbox_there) = (Mailbox::new(), Mailbox::new());
            here.serves = true;
            here.other.connect(Player::hit, &mailbox_there);
            there.other.connect(Player::hit, &mailbox_here);
            here.left = left;
            bench = bench.add_model(here, mailbox_here, "here");
            bench = bench.add_model(there, mailbox_there, "there");
        }
        Workload::SpawnJoin | Workload::Stream => return None,
    }
    let mut simulation = bench.init(MonotonicTime::EPOCH).expect("it begins");
    simulation.run().expect("it runs");
    Some(began.elapsed())
}

#[derive(Serialize, Deserialize)]
struct Sleeper {
    times: Times,
    left: u64,
}

#[Model]
impl Sleeper {
    #[nexosim(init)]
    async fn begin(&mut self, context: &Context<Self>) {
        self.wake((), context);
    }

    #[nexosim(schedulable)]
    fn wake(&mut self, _: (), context: &Context<Self>) {
        if self.left > 0 {
            self.left -= 1;
            let time = self.times.next();
            context.schedule_event(time, schedulable!(Self::wake), ()).expect("in the future");
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Caller {
    left: u64,
    #[serde(skip)]
    limit: Option<EventKey>,
}

#[Model]
impl Caller {
    #[nexosim(init)]
    async fn begin(&mut self, context: &Context<Self>) {
        self.done((), context);
    }

    #[nexosim(schedulable)]
    fn done(&mut self, _: (), context: &Context<Self>) {
        self.limit.take().into_iter().for_each(EventKey::cancel);
        if self.left > 0 {
            self.left -= 1;
            context.schedule_event(WORK, schedulable!(Self::done), ()).expect("in the future");
            let limit = context.schedule_keyed_event(LIMIT, schedulable!(Self::late), ());
            self.limit = Some(limit.expect("in the future"));
        }
    }

    #[nexosim(schedulable)]
    fn late(&mut self) {
        unreachable!("the call is in time");
    }
}

#[derive(Serialize, Deserialize)]
struct Churner {
    times: Times,
    left: u64,
    #[serde(skip)]
    armed: Vec<EventKey>,
}

#[Model]
impl Churner {
    #[nexosim(init)]
    async fn begin(&mut self, context: &Context<Self>) {
        self.fire((), context);
    }

    #[nexosim(schedulable)]
    fn fire(&mut self, _: (), context: &Context<Self>) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        for _ in 0..ARMED {
            let time = self.times.next();
            let key = context.schedule_keyed_event(time, schedulable!(Self::fire), ());
            self.armed.push(key.expect("in the future"));
        }
        self.armed.drain(1..).for_each(EventKey::cancel);
        self.armed.clear();
    }
}

/// Sends the ball back. Rests now and then, as all at one instant would be one endless call.
#[derive(Default, Serialize, Deserialize)]
struct Player {
    other: Output<u64>,
    left: u64,
    serves: bool,
}

#[Model]
impl Player {
    #[nexosim(init)]
    async fn begin(&mut self) {
        if self.serves {
            self.other.send(self.left).await;
        }
    }

    pub(crate) async fn hit(&mut self, left: u64, context: &Context<Self>) {
        let left = if self.serves { left - 1 } else { left };
        if self.serves && left.is_multiple_of(1_000) {
            if left > 0 {
                let rest = Duration::from_nanos(1);
                context.schedule_event(rest, schedulable!(Self::serve), left).expect("later");
            }
        } else {
            self.other.send(left).await;
        }
    }

    #[nexosim(schedulable)]
    async fn serve(&mut self, left: u64) {
        self.other.send(left).await;
    }
}
