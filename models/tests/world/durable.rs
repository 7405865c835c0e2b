//! A log of records at a place that dies at any time: what it has acknowledged is there.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::component::Life;
use cascadia_models::plan::*;
use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Disk, File, Runtime, Stream, Time};

use crate::world::code::{Code, Keeper};
use crate::world::plans::{constant, ms, plan, run, service};

const SEEDS: u64 = 1_000;
const HEAD: usize = 12;

/// When a record is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ack {
    Synced,
    /// The planted fault.
    Written,
}

/// What the users of the log know of it, and what was wrong with it.
#[derive(Debug, Default)]
struct Users {
    sent: BTreeMap<u64, Vec<u8>>,
    acknowledged: Vec<u64>,
    wrong: Vec<String>,
    recoveries: usize,
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// Length, checksum, content. Its number comes first in that.
fn encode(record: &[u8]) -> Vec<u8> {
    let length = u32::try_from(record.len()).unwrap();
    [&length.to_le_bytes()[..], &sum(record).to_le_bytes(), record].concat()
}

/// The records before the first that is none, and where that begins.
fn decode(bytes: &[u8]) -> (Vec<&[u8]>, usize) {
    let (mut records, mut at) = (Vec::new(), 0);
    while let Some((length, rest)) = bytes[at..].split_first_chunk::<4>() {
        let Some((checksum, rest)) = rest.split_first_chunk::<8>() else { break };
        let Some(record) = rest.get(..u32::from_le_bytes(*length) as usize) else { break };
        if record.is_empty() || sum(record) != u64::from_le_bytes(*checksum) {
            break;
        }
        records.push(record);
        at += HEAD + record.len();
    }
    (records, at)
}

/// Where a log is kept.
struct Keep(Arc<dyn Disk>);

/// A log that is open.
struct Log(Box<dyn File>);

impl Keep {
    /// Opens the log, cuts off what is no record, and returns those that are.
    fn open(&self) -> io::Result<(Log, Vec<Vec<u8>>)> {
        let file = self.0.open("log")?;
        let mut bytes = vec![0; file.size()? as usize];
        file.read_at(0, &mut bytes)?;
        let (records, end) = decode(&bytes);
        file.resize(end as u64)?;
        file.sync()?;
        let records = records.into_iter().map(<[u8]>::to_vec).collect();
        Ok((Log(file), records))
    }
}

impl Log {
    fn append(self, records: &[Vec<u8>]) -> io::Result<Self> {
        records.iter().try_for_each(|record| self.0.append(record))?;
        Ok(self)
    }

    fn sync(self) -> io::Result<Self> {
        self.0.sync()?;
        Ok(self)
    }
}

fn check(records: &[Vec<u8>], users: &mut Users) {
    let found: BTreeMap<u64, &Vec<u8>> = records.iter().map(|it| (number(it), it)).collect();
    let Users { sent, acknowledged, wrong, recoveries } = users;
    *recoveries += 1;
    let lost = acknowledged.iter().filter(|number| !found.contains_key(number));
    wrong.extend(lost.map(|number| format!("record {number} was acknowledged and is gone")));
    let half = found.iter().filter(|(number, record)| sent.get(number) != Some(record));
    wrong.extend(half.map(|(number, _)| format!("record {number} is not as it was sent")));
}

fn number(record: &[u8]) -> u64 {
    record.first_chunk().map_or(u64::MAX, |number| u64::from_le_bytes(*number))
}

/// The log: it knows a world and a disk, and no simulator.
async fn serve<R: Runtime>(
    world: R,
    keep: Keep,
    mut draws: Stream,
    ack: Ack,
    users: Arc<Mutex<Users>>,
) -> io::Result<()> {
    let opened = world.blocking(move || keep.open()).await;
    let (mut log, records) = opened.map_err(io::Error::other)??;
    check(&records, &mut users.lock().unwrap());
    loop {
        let mut written = Vec::new();
        let mut numbers = Vec::new();
        for _ in 0..=draws.below(3) {
            let mut users = users.lock().unwrap();
            let number = users.sent.len() as u64;
            let length = 8 + draws.below(1_500) as usize;
            let mut record = vec![number as u8; length];
            record[..8].copy_from_slice(&number.to_le_bytes());
            written.push(encode(&record));
            users.sent.insert(number, record);
            numbers.push(number);
        }
        let done = world.blocking(move || log.append(&written)).await;
        log = done.map_err(io::Error::other)??;
        if ack == Ack::Written {
            users.lock().unwrap().acknowledged.extend(&numbers);
        }
        let done = world.blocking(move || log.sync()).await;
        log = done.map_err(io::Error::other)??;
        if ack == Ack::Synced {
            users.lock().unwrap().acknowledged.extend(&numbers);
        }
        world.sleep(Duration::from_micros(draws.below(3_000))).await;
    }
}

fn code(life: Life, (ack, users): (Ack, Arc<Mutex<Users>>)) -> BoxFuture<()> {
    let draws = life.stream("records");
    Box::pin(async move { serve(life.host(), Keep(life.disk()), draws, ack, users).await.unwrap() })
}

/// Ten deaths at any time, a process or a machine.
fn deaths(seed: u64) -> Vec<FaultPlan> {
    let mut draws = Stream::from_seed(seed);
    let death = |number: u64| {
        let start = Time::from_nanos(draws.below(300_000_000));
        let end = start.after(1 + draws.below(10_000_000));
        let is_machine = draws.unit() < 0.7;
        let candidates = vec![Instance { service: ServiceId(1), replica: 0 }];
        let effect = Effect::on(Target { candidates, pick: Pick::All }, move |hit| {
            if is_machine { hit.stop() } else { hit.die() }
        });
        FaultPlan { name: format!("death {number}"), start, end, effect }
    };
    (0..10).map(death).collect()
}

/// What was wrong under so many seeds, and how often the log was opened again.
fn wrong(ack: Ack, seeds: u64) -> (Vec<String>, usize, usize) {
    let (mut wrong, mut recoveries, mut acknowledged) = (Vec::new(), 0, 0);
    for seed in 0..seeds {
        let users = Arc::new(Mutex::new(Users::default()));
        let idle = service("idle", 1, vec![Step::Compute(constant(1))]);
        let mut plan = plan(vec![idle], Arrivals::Constant(1.0), ms(320));
        let build = Keeper(Code(code, (ack, Arc::clone(&users))));
        plan.components = vec![ComponentPlan::new("log".into(), 1, Arc::new(build))];
        (plan.seed, plan.faults) = (seed, deaths(seed));
        run(plan);
        let users = users.lock().unwrap();
        wrong.extend(users.wrong.iter().map(|wrong| format!("seed {seed}: {wrong}")));
        recoveries += users.recoveries;
        acknowledged += users.acknowledged.len();
    }
    (wrong, recoveries, acknowledged)
}

#[test]
fn what_was_acknowledged_is_there_after_any_death_and_nothing_half_is() {
    let (wrong, recoveries, acknowledged) = wrong(Ack::Synced, SEEDS);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(recoveries as u64 > 8 * SEEDS && acknowledged as u64 > 50 * SEEDS);
}

#[test]
fn a_log_that_acknowledges_what_it_has_not_synced_is_found_out() {
    let (wrong, ..) = wrong(Ack::Written, 100);
    assert!(wrong.len() > 20, "{wrong:#?}");
    assert!(wrong.iter().all(|wrong| wrong.ends_with("acknowledged and is gone")), "{wrong:#?}");
}
