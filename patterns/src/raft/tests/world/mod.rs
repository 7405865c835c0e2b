//! Members with disks, a network between them, and whoever breaks both: all from one seed.

mod between;
mod clients;
mod disk;
mod faults;
mod host;
mod plan;

use std::collections::BTreeMap;
use std::time::Duration;

use cascadia_runtime::{Identity, Stream, Time};

use self::clients::Clients;
use self::faults::Fault;
use super::checker::{Checker, Violation};
use crate::raft::{Envelope, MemberId, Message, Raft, Ready, Role};

pub(crate) use self::between::{Between, Honest};
pub(crate) use self::host::Host;
pub(crate) use self::plan::{LATE, Plan, Weather};

/// How soon after the trouble a command is applied everywhere: ten elections.
const RECOVERY: Duration = Duration::from_secs(3);

pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) now: Time,
    pub(crate) hosts: Vec<Host>,
    pub(crate) checker: Checker,
    pub(crate) clients: Clients,
    seed: u64,
    stream: Stream,
    network: Weather,
    /// Which links are cut, by sender and receiver.
    cut: BTreeMap<(usize, usize), Time>,
    /// So many of the next leaders will crash at once.
    doomed: u64,
    queue: BTreeMap<(Time, u64), Event>,
    scheduled: u64,
}

#[derive(Debug)]
enum Event {
    Deliver { from: MemberId, to: usize, message: Message },
    Synced { to: usize, life: u64 },
    Tick { to: usize, life: u64 },
    Start { to: usize },
    Doom { to: usize },
    Client,
    Fault,
}

impl Event {
    /// Whose time it takes.
    fn host(&self) -> Option<usize> {
        match self {
            Self::Deliver { to, .. } | Self::Synced { to, .. } | Self::Tick { to, .. } => Some(*to),
            Self::Start { .. } | Self::Doom { .. } | Self::Client | Self::Fault => None,
        }
    }
}

impl World {
    pub(crate) fn new(seed: u64, minds_promises: bool, between: fn() -> Box<dyn Between>) -> Self {
        let mut stream = Stream::new(seed, Identity::new("world"), 0);
        let plan = Plan::draw(&mut stream);
        let hosts = (0..plan.members).map(|id| Host::new(MemberId(id), between())).collect();
        let mut world = Self {
            network: plan.network,
            plan,
            now: Time::ZERO,
            hosts,
            checker: Checker::new(minds_promises),
            clients: Clients::default(),
            seed,
            stream,
            cut: BTreeMap::new(),
            doomed: 0,
            queue: BTreeMap::new(),
            scheduled: 0,
        };
        for to in 0..world.hosts.len() {
            world.schedule(Time::ZERO, Event::Start { to });
        }
        world.schedule(Time::ZERO, Event::Client);
        world.schedule(world.now + world.plan.faults_every, Event::Fault);
        world
    }

    /// Runs through the trouble and until all is well again.
    pub(crate) fn run(&mut self) -> Result<(), Violation> {
        let end = Time::ZERO + self.plan.trouble;
        while self.next_at() <= end {
            self.step()?;
        }
        self.heal(end);
        while !self.is_well() {
            if self.now > end + RECOVERY {
                return Err(("liveness", format!("nothing was committed by {:?}", self.now)));
            }
            self.step()?;
        }
        self.checker.on_end(&self.clients.acknowledged)
    }

    /// Whether a command sent after the trouble is applied by all.
    fn is_well(&self) -> bool {
        let recovered = self.clients.recovered;
        recovered.is_some_and(|index| self.hosts.iter().all(|host| host.applied >= index))
    }

    fn next_at(&self) -> Time {
        self.queue.first_key_value().map_or(Time::MAX, |((at, _), _)| *at)
    }

    fn schedule(&mut self, at: Time, event: Event) {
        self.scheduled += 1;
        self.queue.insert((at, self.scheduled), event);
    }

    fn step(&mut self) -> Result<(), Violation> {
        let ((at, _), event) = self.queue.pop_first().unwrap();
        self.now = at;
        if let Some(host) = event.host() {
            let held_until = self.hosts[host].held_until;
            if at < held_until {
                self.schedule(held_until, event);
                return Ok(());
            }
        }
        match event {
            Event::Deliver { from, to, message } => self.deliver(from, to, message),
            Event::Synced { to, life } => self.synced(to, life),
            Event::Tick { to, life } => self.tick(to, life),
            Event::Start { to } => self.start(to),
            Event::Client => self.client(),
            Event::Fault => {
                self.fault();
                Ok(())
            }
            Event::Doom { to } => {
                self.doom(to);
                Ok(())
            }
        }
    }

    fn deliver(
        &mut self,
        from: MemberId,
        to: usize,
        mut message: Message,
    ) -> Result<(), Violation> {
        let is_cut = self.cut.get(&(from.0 as usize, to)).is_some_and(|until| self.now < *until);
        let host = &mut self.hosts[to];
        let Some(raft) = host.raft.as_mut().filter(|_| !is_cut) else { return Ok(()) };
        host.between.on_message(raft, from, &mut message);
        raft.on_message(self.now, from, message);
        self.settle(to)
    }

    fn synced(&mut self, to: usize, life: u64) -> Result<(), Violation> {
        let host = &mut self.hosts[to];
        if host.life != life {
            return Ok(());
        }
        let Some(raft) = &mut host.raft else { return Ok(()) };
        raft.on_persisted(self.now, host.disk.on_synced());
        self.sync(to);
        self.settle(to)
    }

    fn tick(&mut self, to: usize, life: u64) -> Result<(), Violation> {
        let host = &mut self.hosts[to];
        if host.life != life {
            return Ok(());
        }
        host.tick_at = Time::MAX;
        let Some(raft) = &mut host.raft else { return Ok(()) };
        raft.on_tick(self.now);
        self.settle(to)
    }

    fn start(&mut self, to: usize) -> Result<(), Violation> {
        let host = &mut self.hosts[to];
        if host.raft.is_some() {
            return Ok(());
        }
        let who = Identity::new("member").number(to as u64);
        let stream = Stream::new(self.seed, who, host.life);
        let started = host.start(&self.plan, stream, self.now);
        started.map_err(|error| ("recovery", error.to_string()))?;
        self.settle(to)
    }

    /// Somebody wants something of a member that takes itself for the leader.
    fn client(&mut self) -> Result<(), Violation> {
        let wait = self.plan.clients_every.mul_f64(self.stream.exponential());
        self.schedule(self.now + wait, Event::Client);
        let leads = |host: &Host| host.leads() && host.held_until <= self.now;
        let leaders: Vec<_> = (0..self.hosts.len()).filter(|at| leads(&self.hosts[*at])).collect();
        if leaders.is_empty() {
            return Ok(());
        }
        let to = leaders[self.stream.below(leaders.len() as u64) as usize];
        let host = &mut self.hosts[to];
        let raft = host.raft.as_mut().unwrap();
        if self.stream.below(4) > 0 {
            let command = self.clients.command();
            let proposed = raft.propose(command.clone()).unwrap();
            self.clients.on_proposed((to, host.life), proposed, command, self.now);
        } else {
            let id = self.clients.on_read();
            if host.between.reads_alone() {
                return self.read(to, id);
            }
            raft.read(self.now, id).unwrap();
        }
        self.settle(to)
    }

    fn read(&mut self, to: usize, id: u64) -> Result<(), Violation> {
        let applied = self.hosts[to].applied;
        let least = self.clients.on_read_answered(id, applied);
        if applied < least {
            return Err(("linearizability", format!("a read saw {applied}, another {least}")));
        }
        Ok(())
    }

    /// Does all that a member wants done.
    fn settle(&mut self, at: usize) -> Result<(), Violation> {
        loop {
            let host = &mut self.hosts[at];
            let raft = host.raft.as_mut().unwrap();
            let mut ready = raft.ready();
            if ready.is_empty() {
                break;
            }
            host.between.on_ready(raft, &mut ready);
            self.checker.on_ready(host, &ready)?;
            if ready.status.is_some_and(|status| status.role == Role::Leader) {
                self.on_elected(at);
            }
            self.perform(at, ready)?;
        }
        let host = &mut self.hosts[at];
        let deadline = host.raft.as_ref().map_or(Time::MAX, Raft::next_deadline);
        if deadline < host.tick_at {
            host.tick_at = deadline;
            let life = host.life;
            self.schedule(deadline, Event::Tick { to: at, life });
        }
        Ok(())
    }

    fn perform(&mut self, at: usize, ready: Ready) -> Result<(), Violation> {
        if let Some(mut persist) = ready.persist {
            let host = &mut self.hosts[at];
            let number = persist.number;
            host.between.on_write(&mut persist);
            host.disk.write(persist);
            if host.between.lies_about_writes() {
                host.raft.as_mut().unwrap().on_persisted(self.now, number);
            }
            self.sync(at);
        }
        for entry in &ready.committed {
            let end = Time::ZERO + self.plan.trouble;
            let host = &mut self.hosts[at];
            self.checker.on_applied(host, entry)?;
            host.applied = entry.index;
            self.clients.on_applied((at, host.life), entry, end);
        }
        for id in ready.reads {
            self.read(at, id)?;
        }
        for envelope in ready.messages {
            self.send(at, &envelope);
        }
        Ok(())
    }

    fn sync(&mut self, at: usize) {
        let host = &mut self.hosts[at];
        if host.disk.begin_sync() {
            let life = host.life;
            let slow = if self.stream.below(50) == 0 { 10.0 } else { 1.0 };
            let wait = self.plan.sync.mul_f64(self.stream.unit() * slow);
            self.schedule(self.now + wait, Event::Synced { to: at, life });
        }
    }

    fn send(&mut self, from: usize, envelope: &Envelope) {
        if self.stream.unit() < self.network.loss {
            return;
        }
        let copies = 1 + usize::from(self.stream.unit() < self.network.duplication);
        for _ in 0..copies {
            let late = if self.stream.unit() < self.network.late { LATE } else { Duration::ZERO };
            let delay = (self.network.delay + late).mul_f64(self.stream.unit());
            let (from, to) = (self.hosts[from].id, envelope.to.0 as usize);
            let deliver = Event::Deliver { from, to, message: envelope.message.clone() };
            self.schedule(self.now + delay, deliver);
        }
    }

    fn fault(&mut self) {
        let wait = self.plan.faults_every.mul_f64(self.stream.exponential());
        self.schedule(self.now + wait, Event::Fault);
        if self.now >= Time::ZERO + self.plan.trouble {
            return;
        }
        let lasts = self.plan.faults_last.mul_f64(self.stream.exponential());
        if let Some(fault) = Fault::draw(&mut self.stream, self.plan.kinds) {
            let end = Time::ZERO + self.plan.trouble;
            fault.strike(self, end.min(self.now + lasts));
        }
    }

    /// All that is down starts, and nothing breaks any more.
    fn heal(&mut self, now: Time) {
        self.network = Weather::FAIR;
        self.queue.retain(|_, event| !matches!(event, Event::Doom { .. }));
        self.plan.sync = Duration::from_millis(2);
        self.plan.clients_every = Duration::from_millis(20);
        self.cut.clear();
        for (to, host) in self.hosts.iter_mut().enumerate() {
            host.held_until = host.held_until.min(now);
            self.scheduled += 1;
            self.queue.insert((now, self.scheduled), Event::Start { to });
        }
    }
}
