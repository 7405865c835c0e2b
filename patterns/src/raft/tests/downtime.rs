//! The experiment of §9.3 of the paper: how long there is no leader after one has crashed.
//!
//! What the paper says of it is all that is modelled. Five servers; the leader broadcasts heartbeats
//! and crashes at a time that is uniform within its heartbeat interval, which is half of the shortest
//! election timeout; the logs have different lengths, so that some cannot win; 1,000 trials a row;
//! and a *broadcast time* of roughly 15 ms, which §5.6 defines as what it takes to send requests to
//! all servers in parallel and to have the answers, and which is mostly spent on writing to stable
//! storage.
//!
//! How the 15 ms are divided is not said, and neither is whether they vary. Here each message takes a
//! sixth of them and the write two thirds, give or take a fifth. It matters where timeouts are close
//! to each other: what counts there is how long a candidate is not known to the others.

use std::collections::BTreeMap;
use std::time::Duration;

use cascadia_runtime::{Identity, Stream, Time};

use crate::raft::{
    Append, Body, Entry, Hard, MemberId, Message, Payload, Raft, RaftConfig, Role, Saved,
};

/// Nobody waits longer for a leader.
const LONGEST: Duration = Duration::from_secs(10);
const SERVERS: u64 = 5;
/// Of the leader that crashes.
const TERM: u64 = 1;

/// How the broadcast time comes about.
#[derive(Clone, Copy, Debug)]
struct Delays {
    message: Duration,
    write: Duration,
    /// By how much each is shorter or longer, at most, as a share of it.
    spread: f64,
}

const DELAYS: Delays =
    Delays { message: Duration::from_micros(2_500), write: Duration::from_millis(10), spread: 0.2 };

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
    delays: Delays,
    stream: Stream,
    /// The four that are left; the leader has the name that is missing.
    servers: Vec<Raft>,
    disks: Vec<Disk>,
    tick_at: Vec<Time>,
    queue: BTreeMap<(Time, u64), (usize, Event)>,
    scheduled: u64,
}

impl Trial {
    fn new(config: RaftConfig, delays: Delays, seed: u64) -> Self {
        let members: Vec<_> = (0..SERVERS).map(MemberId).collect();
        let server = |id: u64| {
            let noop = |index| Entry { term: TERM, index, payload: Payload::Noop };
            let hard = Hard { term: TERM, voted_for: None };
            let saved = Saved { hard, entries: (1..=id).map(noop).collect() };
            let stream = Stream::new(seed, Identity::new("server").number(id), 0);
            Raft::new(config, MemberId(id), &members, saved, stream, Time::ZERO)
        };
        Self {
            delays,
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
            let at = Time::ZERO + self.vary(self.delays.message);
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
            let at = now + self.vary(self.delays.message);
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
            let at = now + self.vary(self.delays.write);
            self.schedule(at, place, Event::Written { number: last });
        }
    }

    fn vary(&mut self, delay: Duration) -> Duration {
        delay.mul_f64(1.0 + self.delays.spread * (2.0 * self.stream.unit() - 1.0))
    }

    fn schedule(&mut self, at: Time, place: usize, event: Event) {
        self.scheduled += 1;
        self.queue.insert((at, self.scheduled), (place, event));
    }
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

fn row(min: u64, max: u64, trials: u64) -> Row {
    let [election_timeout_min, election_timeout_max] = [min, max].map(Duration::from_millis);
    let heartbeat = election_timeout_min / 2;
    let config = RaftConfig {
        election_timeout_min,
        election_timeout_max,
        heartbeat,
        ..RaftConfig::default()
    };
    let trial = |seed| Trial::new(config, DELAYS, seed).run(heartbeat, LONGEST);
    let mut all: Vec<f64> = (0..trials).map(|seed| trial(seed).as_secs_f64() * 1e3).collect();
    all.sort_unstable_by(f64::total_cmp);
    Row {
        least: all[0],
        mean: all.iter().sum::<f64>() / all.len() as f64,
        median: all[all.len() / 2],
        most: all[all.len() - 1],
    }
}

/// "Adding just 5 ms of randomness": a median of 287 ms. The model has one free parameter, the
/// division of the broadcast time, and this row hangs on it: within a fifth is agreement.
#[test]
fn five_milliseconds_of_randomness_end_most_split_votes_in_the_second_election() {
    let median = row(150, 155, 1_000).median;
    assert!((median / 287.0 - 1.0).abs() < 0.2, "{median} ms");
}

/// "With 50 ms of randomness the worst-case completion time was 513 ms." The worst of 1,000 is the
/// most random of figures; it takes the same number of elections when it is within a third.
#[test]
fn fifty_milliseconds_of_randomness_bound_the_worst_case() {
    let most = row(150, 200, 1_000).most;
    assert!((most / 513.0 - 1.0).abs() < 1.0 / 3.0, "{most} ms");
}

/// "In the absence of randomness, leader election consistently took longer than 10 seconds."
#[test]
fn without_randomness_there_is_no_leader_for_ten_seconds() {
    assert_eq!(row(150, 150, 10).least, LONGEST.as_secs_f64() * 1e3);
}

/// "The smallest possible downtime was about half of the minimum election timeout", and more
/// randomness makes the worst case better until it makes the mean worse.
#[test]
fn the_rows_are_in_the_order_of_the_figure() {
    let rows = [(25, 50), (50, 100), (100, 200), (150, 300)];
    let rows = rows.map(|(min, max)| (min as f64, row(min, max, 300)));
    for (min, row) in &rows {
        assert!(row.least > min / 2.0 && row.most < min * 6.0, "{min} ms: {row:?}");
    }
    assert!(rows.is_sorted_by(|(_, one), (_, next)| one.mean < next.mean), "{rows:?}");
    let random = [(150, 155), (150, 175), (150, 200)].map(|(min, max)| row(min, max, 300).most);
    assert!(random.is_sorted_by(|one, next| one > next), "{random:?}");
}

/// Here we do not agree: the paper has 35 ms on average and 152 ms at worst. When a write takes 10 ms,
/// votes for one candidate are still being written while the next one stands, and half of the servers
/// cannot win. What is kept is that it is far quicker than the recommended timeouts are.
#[test]
fn the_shortest_timeouts_elect_sooner_than_the_recommended_ones() {
    let (short, recommended) = (row(12, 24, 300), row(150, 300, 300));
    assert!(short.mean < recommended.mean / 2.0, "{short:?} {recommended:?}");
}
