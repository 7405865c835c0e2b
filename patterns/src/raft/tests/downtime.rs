//! The experiment of §9.3 of the paper: how long there is no leader after one has crashed.
//!
//! What the paper says of it is all that is modelled. Five servers; the leader broadcasts heartbeats
//! and crashes at a time that is uniform within its heartbeat interval, which is half of the shortest
//! election timeout; the logs have different lengths, so that some cannot win; 1,000 trials a row;
//! and a *broadcast time* of roughly 15 ms, which §5.6 defines as what it takes to send requests to
//! all servers in parallel and to have all answers, stable storage included.
//!
//! It is therefore the time of the slowest of four, while two answers win an election. How the 15 ms
//! come about is not said. Here a message takes 2 ms and an exponential tail of 2.4 ms on average, and
//! a write 2 ms. It matters where timeouts are close to each other: what counts there is how long a
//! candidate is not known to the others. With delays that do not vary, every round trip takes the
//! 15 ms, and candidates of 12–24 ms compete for twice as long as they did in the paper.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use cascadia_runtime::{Identity, Stream, Time};

use crate::raft::{
    Append, Body, Entry, Hard, MemberId, Message, Payload, Raft, RaftConfig, Role, Saved,
};

/// Nobody waits longer for a leader.
const LONGEST: Duration = Duration::from_secs(10);
const SERVERS: u64 = 5;
/// Of a row.
const TRIALS: u64 = 1_000;
/// Of the leader that crashes.
const TERM: u64 = 1;

/// A message takes no less than this,
const MESSAGE: Duration = Duration::from_millis(2);
/// and an exponential time more, of this mean.
const TAIL: Duration = Duration::from_micros(2_400);
const WRITE: Duration = Duration::from_millis(2);

enum Event {
    Deliver { from: MemberId, message: Message },
    Written { number: u64 },
    Tick,
}

/// The last write that was asked for, and the last that has begun.
#[derive(Clone, Copy, Default)]
struct Disk {
    last: u64,
    begun: u64,
    is_busy: bool,
}

struct Trial {
    stream: Stream,
    /// The four that are left; the leader has the name that is missing.
    servers: Vec<Raft>,
    disks: Vec<Disk>,
    tick_at: Vec<Time>,
    queue: BTreeMap<(Time, u64), (usize, Event)>,
    scheduled: u64,
}

impl Trial {
    fn new(config: RaftConfig, seed: u64) -> Self {
        let members: Vec<_> = (0..SERVERS).map(MemberId).collect();
        let server = |id: u64| {
            let noop = |index| Entry { term: TERM, index, payload: Payload::Noop };
            let hard = Hard { term: TERM, voted_for: None };
            let saved = Saved { hard, entries: (1..=id).map(noop).collect() };
            let stream = Stream::new(seed, Identity::new("server").number(id), 0);
            Raft::new(config, MemberId(id), &members, saved, stream, Time::ZERO)
        };
        Self {
            stream: Stream::new(seed, Identity::new("network"), 0),
            servers: (1..SERVERS).map(server).collect(),
            disks: vec![Disk::default(); members.len() - 1],
            tick_at: vec![Time::MAX; members.len() - 1],
            queue: BTreeMap::new(),
            scheduled: 0,
        }
    }

    /// How long there is no leader. None is found within `most`.
    fn run(&mut self, heartbeat: Duration, most: Duration) -> Duration {
        let crash_at = Time::ZERO + heartbeat.mul_f64(self.stream.unit());
        for place in 0..self.servers.len() {
            let at = Time::ZERO + message_delay(&mut self.stream);
            self.schedule(at, place, Event::Deliver { from: MemberId(0), message: heartbeat_of() });
        }
        while let Some(((now, _), (place, event))) = self.queue.pop_first() {
            if now.since(crash_at) > most {
                return most;
            }
            let server = &mut self.servers[place];
            match event {
                Event::Deliver { from, message } => server.on_message(now, from, message),
                Event::Written { number } => {
                    self.disks[place].is_busy = false;
                    server.on_persisted(now, number);
                }
                Event::Tick => {
                    self.tick_at[place] = Time::MAX;
                    server.on_tick(now);
                }
            }
            if server.status().role == Role::Leader {
                return now.since(crash_at);
            }
            self.settle(now, place);
        }
        unreachable!("somebody always waits")
    }

    fn settle(&mut self, now: Time, place: usize) {
        let ready = self.servers[place].ready();
        if let Some(persist) = ready.persist {
            self.disks[place].last = persist.number;
        }
        self.write(now, place);
        for envelope in ready.messages {
            let from = self.servers[place].id();
            let Some(to) = (envelope.to.0 as usize).checked_sub(1) else { continue };
            let at = now + message_delay(&mut self.stream);
            self.schedule(at, to, Event::Deliver { from, message: envelope.message });
        }
        let deadline = self.servers[place].next_deadline();
        if deadline < self.tick_at[place] {
            self.tick_at[place] = deadline;
            self.schedule(deadline, place, Event::Tick);
        }
    }

    /// What has gathered while the disk was busy is written at once.
    fn write(&mut self, now: Time, place: usize) {
        let Disk { last, begun, is_busy } = self.disks[place];
        if last > begun && !is_busy {
            self.disks[place] = Disk { last, begun: last, is_busy: true };
            self.schedule(now + WRITE, place, Event::Written { number: last });
        }
    }

    fn schedule(&mut self, at: Time, place: usize, event: Event) {
        self.scheduled += 1;
        self.queue.insert((at, self.scheduled), (place, event));
    }
}

fn message_delay(stream: &mut Stream) -> Duration {
    MESSAGE + TAIL.mul_f64(-libm::log(1.0 - stream.unit()))
}

/// One that fits every log.
fn heartbeat_of() -> Message {
    let append = Append { prev_index: 0, prev_term: 0, entries: Vec::new(), commit: 0, round: 1 };
    Message { term: TERM, body: Body::Append(append) }
}

/// What is told of a row, in ms.
#[derive(Debug)]
struct Row {
    least: f64,
    mean: f64,
    median: f64,
    most: f64,
}

fn row(min: u64, max: u64, trials: Range<u64>) -> Row {
    let [election_timeout_min, election_timeout_max] = [min, max].map(Duration::from_millis);
    let heartbeat = election_timeout_min / 2;
    let config = RaftConfig {
        election_timeout_min,
        election_timeout_max,
        heartbeat,
        ..RaftConfig::default()
    };
    let trial = |seed| Trial::new(config, seed).run(heartbeat, LONGEST);
    let all: Vec<f64> = trials.map(|seed| trial(seed).as_secs_f64() * 1e3).collect();
    Row {
        least: all.iter().copied().fold(f64::INFINITY, f64::min),
        mean: all.iter().sum::<f64>() / all.len() as f64,
        median: median(all.clone()),
        most: all.into_iter().fold(0.0, f64::max),
    }
}

/// The worst of 1,000 is the most random of figures: what it usually is.
fn usual_worst(min: u64, max: u64) -> f64 {
    median((0..11).map(|n| row(min, max, n * TRIALS..(n + 1) * TRIALS).most).collect())
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_unstable_by(f64::total_cmp);
    all[all.len() / 2]
}

/// The paper prints a row to two or three digits and says of its one parameter that it is rough:
/// within a fifth is agreement.
fn agrees(ours: f64, paper: f64) {
    assert!((ours / paper - 1.0).abs() < 0.2, "{ours} ms, where the paper has {paper} ms");
}

/// "A broadcast time of roughly 15 ms", to within a twentieth.
#[test]
fn the_slowest_of_four_answers_takes_fifteen_milliseconds() {
    let mut stream = Stream::new(1, Identity::new("broadcast"), 0);
    let mut answer = || message_delay(&mut stream) + WRITE + message_delay(&mut stream);
    let mut broadcast = || (1..SERVERS).map(|_| answer()).max().expect("there are four");
    let total: Duration = (0..100_000).map(|_| broadcast()).sum();
    let mean = total.as_secs_f64() * 1e3 / 1e5;
    assert!((mean / 15.0 - 1.0).abs() < 0.05, "{mean} ms");
}

/// "Adding just 5 ms of randomness": a median of 287 ms.
#[test]
fn five_milliseconds_of_randomness_end_most_split_votes_in_the_second_election() {
    agrees(row(150, 155, 0..TRIALS).median, 287.0);
}

/// "With 50 ms of randomness the worst-case completion time was 513 ms."
#[test]
fn fifty_milliseconds_of_randomness_bound_the_worst_case() {
    agrees(usual_worst(150, 200), 513.0);
}

/// "With 12–24 ms it took only 35 ms on average to elect a leader, the longest trial 152 ms."
#[test]
fn the_shortest_timeouts_elect_within_a_few_broadcast_times() {
    agrees(row(12, 24, 0..TRIALS).mean, 35.0);
    agrees(usual_worst(12, 24), 152.0);
}

/// "In the absence of randomness, leader election consistently took longer than 10 seconds." Here
/// delays vary, and some trials end before, when a candidate's messages happen to be quick.
#[test]
fn without_randomness_an_election_usually_takes_longer_than_ten_seconds() {
    assert_eq!(row(150, 150, 0..101).median, LONGEST.as_secs_f64() * 1e3);
}

/// "The smallest possible downtime was about half of the minimum election timeout", and more
/// randomness makes the worst case better until it makes the mean worse.
#[test]
fn the_rows_are_in_the_order_of_the_figure() {
    let rows = [(12, 24), (25, 50), (50, 100), (100, 200), (150, 300)];
    let rows = rows.map(|(min, max)| (min as f64, row(min, max, 0..300)));
    for (min, row) in &rows {
        assert!(row.least > min / 2.0, "{min} ms: {row:?}");
    }
    assert!(rows.is_sorted_by(|(_, one), (_, next)| one.mean < next.mean), "{rows:?}");
    let random = [(150, 155), (150, 175), (150, 200)].map(|(min, max)| usual_worst(min, max));
    assert!(random.is_sorted_by(|one, next| one > next), "{random:?}");
}
