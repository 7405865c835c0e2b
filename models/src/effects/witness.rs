use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::saga::{Command, Direction, SagaId};
use cascadia_sim_core::Local;

use super::tale::Tale;
use super::tally::Tally;
use crate::ledgers::Entry;

/// Who knows of all sagas of a definition.
pub(crate) struct Witness {
    /// The names of the steps, in their order.
    steps: Vec<Arc<str>>,
    told: Local<Told>,
}

/// What is known of each, and how they stand together: many are asked for that, and most have ended.
#[derive(Default)]
struct Told {
    tales: BTreeMap<SagaId, Tale>,
    tally: Tally,
}

/// How many sagas, or steps of them, have broken what is promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Sagas that have gone back, and left something in a ledger.
    pub(crate) unbalanced: u64,
    /// Sagas of which not what was done last was undone first.
    pub(crate) disordered: u64,
    /// Steps that were done after their undo.
    pub(crate) late: u64,
    /// Steps that were done for an earlier epoch than one that was heard of.
    pub(crate) stale: u64,
}

impl Witness {
    pub(crate) fn new(steps: Vec<Arc<str>>) -> Self {
        Self { steps, told: Local::default() }
    }

    /// Something becomes known of a saga.
    fn learn(&self, saga: SagaId, what: impl FnOnce(&mut Tale)) {
        let Told { tales, tally } = &mut *self.told.borrow_mut();
        let tale = tales.entry(saga).or_default();
        what(tale);
        let counted = tale.tally(&self.steps);
        *tally = tally.moved(tale.counted, counted);
        tale.counted = counted;
    }

    /// The store of the orchestrators has this of a saga.
    pub(crate) fn saw(&self, saga: SagaId, sight: Sight) {
        self.learn(saga, |tale| tale.sight = Some(sight));
    }

    /// Somebody who does everything once has heard a command, and done it if there are entries of it.
    pub(crate) fn heard(&self, command: &Command, done: Option<Vec<Entry>>) {
        self.learn(command.saga.clone(), |tale| tale.hear(command, done));
    }

    /// Whether a step was done, or undone.
    pub(crate) fn has(&self, saga: &SagaId, step: &str, direction: Direction) -> bool {
        let told = self.told.borrow_mut();
        let effects = told.tales.get(saga).map(|tale| &tale.effects[..]).unwrap_or_default();
        effects.iter().any(|effect| *effect.step == *step && effect.direction == direction)
    }

    /// Somebody who does whatever comes has done a command, or a part of it that changes a ledger.
    pub(crate) fn did(&self, command: &Command, work: u64, entry: Option<Entry>) {
        self.learn(command.saga.clone(), |tale| tale.add(command, work, entry));
    }

    /// How they stand.
    pub(crate) fn tally(&self) -> Tally {
        self.told.borrow_mut().tally
    }

    /// How many steps were done more than once.
    pub(crate) fn repeated(&self) -> u64 {
        let told = self.told.borrow_mut();
        told.tales.values().map(|tale| tale.repeated(&self.steps)).sum()
    }

    /// What is broken.
    pub(crate) fn broken(&self) -> Broken {
        let mut broken = Broken::default();
        for tale in self.told.borrow_mut().tales.values() {
            broken.unbalanced += u64::from(tale.is_unbalanced());
            broken.disordered += u64::from(!tale.is_reversed());
            broken.late += tale.late;
            broken.stale += tale.stale;
        }
        broken
    }

    /// The first orphan, and why it is one.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let told = self.told.borrow_mut();
        let orphan = |(id, tale): (&SagaId, &Tale)| {
            Some(format!("saga {id} is an orphan: {}", tale.orphaned(&self.steps)?))
        };
        told.tales.iter().find_map(orphan).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use cascadia_patterns::messaging::Bytes;
    use cascadia_patterns::saga::Epoch;
    use cascadia_runtime::Draw;

    use super::*;

    fn command(draw: &mut Draw) -> Command {
        let direction = [Direction::Do, Direction::Undo][draw.next_u64() as usize % 2];
        Command {
            saga: format!("saga {}", draw.next_u64() % 5).as_str().into(),
            step: ["reserve", "charge"][draw.next_u64() as usize % 2].into(),
            direction,
            epoch: Epoch(draw.next_u64() % 3),
            attempt: 1,
            must: false,
            input: Bytes::from([]),
            outputs: Arc::from([]),
        }
    }

    /// Whatever is told of sagas in whatever order, how they stand together is what each of them says of itself.
    #[test]
    fn they_stand_together_as_each_of_them_stands() {
        const SIGHTS: [Sight; 4] =
            [Sight::Live, Sight::Stuck, Sight::Completed, Sight::Compensated];
        for seed in 0..200 {
            let witness = Witness::new(vec!["reserve".into(), "charge".into()]);
            let draw = &mut Draw::new(seed, 0, 0);
            for _ in 0..50 {
                let command = command(draw);
                match draw.next_u64() % 4 {
                    0 => witness.saw(command.saga, SIGHTS[draw.next_u64() as usize % 4]),
                    1 => witness.heard(&command, None),
                    2 => witness.heard(&command, Some(Vec::new())),
                    _ => witness.did(&command, draw.next_u64() % 3, None),
                }
                let told = witness.told.borrow_mut();
                let all = told.tales.values().map(|tale| tale.tally(&witness.steps));
                let sum = all.fold(Tally::default(), |sum, one| sum.moved(Tally::default(), one));
                assert_eq!(told.tally, sum, "by seed {seed}");
                assert_eq!(sum.started, told.tales.len() as u64);
            }
        }
    }
}
