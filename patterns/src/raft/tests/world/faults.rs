use cascadia_runtime::{Stream, Time};

use super::{Event, World};

/// Something that breaks, and is mended after a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A member loses all but its disk.
    Crash,
    /// The same, of whoever leads.
    CrashLeader,
    CrashAll,
    /// The next leaders crash soon after they are elected, or are cut off.
    DyingYoung,
    /// A member stands still, and so does all that comes to it.
    Pause,
    /// Some are cut off from the others.
    Partition,
    /// A member is heard and does not hear, or the other way round.
    OneWay,
}

impl Fault {
    pub(super) const ALL: [Self; 7] = [
        Self::Crash,
        Self::CrashLeader,
        Self::CrashAll,
        Self::DyingYoung,
        Self::Pause,
        Self::Partition,
        Self::OneWay,
    ];

    pub(super) fn draw(stream: &mut Stream, kinds: [u64; Self::ALL.len()]) -> Option<Self> {
        let sum: u64 = kinds.iter().sum();
        let mut left = if sum == 0 { return None } else { stream.below(sum) };
        Self::ALL.into_iter().zip(kinds).find_map(|(fault, share)| {
            let is_it = left < share;
            left = left.saturating_sub(share);
            is_it.then_some(fault)
        })
    }

    pub(super) fn strike(self, world: &mut World, until: Time) {
        let members = world.hosts.len();
        let place = world.stream.below(members as u64) as usize;
        match self {
            Self::Crash => world.crash(place, until),
            Self::CrashLeader => {
                let leader = world.hosts.iter().position(super::Host::leads);
                world.crash(leader.unwrap_or(place), until);
            }
            Self::CrashAll => (0..members).for_each(|place| world.crash(place, until)),
            Self::DyingYoung => world.doomed = 1 + world.stream.below(4),
            Self::Pause => world.hosts[place].held_until = until,
            Self::Partition => {
                let side: Vec<_> = (0..members).map(|_| world.stream.below(2)).collect();
                let pairs = (0..members).flat_map(|from| (0..members).map(move |to| (from, to)));
                for (from, to) in pairs.filter(|(from, to)| side[*from] != side[*to]) {
                    world.cut.insert((from, to), until);
                }
            }
            Self::OneWay => {
                let hears = world.stream.below(2) == 0;
                for other in 0..members {
                    let link = if hears { (place, other) } else { (other, place) };
                    world.cut.insert(link, until);
                }
            }
        }
    }
}

impl World {
    /// Whoever is elected has a few messages' time left, if it is doomed.
    pub(super) fn on_elected(&mut self, place: usize) {
        if self.doomed > 0 && self.now < Time::ZERO + self.plan.trouble {
            self.doomed -= 1;
            let wait = (self.plan.network.delay * 4 + self.plan.sync).mul_f64(self.stream.unit());
            self.schedule(self.now + wait, Event::Doom { to: place });
        }
    }

    /// The end of a short reign.
    pub(super) fn doom(&mut self, place: usize) {
        let until = self.now + self.plan.faults_last.mul_f64(self.stream.exponential());
        if self.stream.below(2) == 0 {
            self.crash(place, until);
        } else {
            for other in 0..self.hosts.len() {
                self.cut.extend([((place, other), until), ((other, place), until)]);
            }
        }
    }

    /// What it has sent and has not yet arrived may be lost with it.
    fn crash(&mut self, place: usize, until: Time) {
        if self.hosts[place].raft.is_none() {
            return;
        }
        self.hosts[place].crash(&mut self.stream);
        self.schedule(until, Event::Start { to: place });
        let lost = self.stream.below(3);
        let (id, stream) = (self.hosts[place].id, &mut self.stream);
        self.queue.retain(|_, event| match event {
            Event::Deliver { from, .. } if *from == id => stream.below(2) >= lost,
            _ => true,
        });
    }
}
