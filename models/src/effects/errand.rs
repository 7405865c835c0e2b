use std::sync::Arc;

use cascadia_patterns::messaging::Bytes;
use cascadia_patterns::saga::participant::Contention;
use cascadia_patterns::saga::{Command, Direction, SagaId};
use cascadia_sim_core::Local;

use super::under_way::UnderWay;
use super::witness::Witness;
use crate::ledgers::Entry;

/// A request that is a command of a saga.
pub(crate) struct Errand {
    pub(crate) command: Command,
    /// Who is told what comes of it, and of whom nobody in the world knows.
    pub(crate) witness: Arc<Witness>,
    /// What it is to enter when somebody else commits it, and who does it enters nothing.
    pub(crate) turn: Option<Local<Vec<Entry>>>,
    /// It locks what the saga is about, and meets the lock of another one so.
    pub(crate) lock: Option<Contention>,
    /// The saga whose lock it has met, which is the content of the answer.
    met: Local<Option<SagaId>>,
    /// What it has come to, which is the content of the answer as well.
    output: Local<Option<Bytes>>,
    _under_way: UnderWay,
}

impl Errand {
    /// One that is done where it comes.
    pub(crate) fn new(command: Command, witness: Arc<Witness>) -> Self {
        let _under_way = UnderWay::new(&witness, command.saga.clone());
        let (met, output) = (Local::default(), Local::default());
        Self { command, witness, turn: None, lock: None, met, output, _under_way }
    }

    /// One that somebody commits when it is done.
    pub(crate) fn turn(command: Command, witness: Arc<Witness>) -> Self {
        Self { turn: Some(Local::default()), ..Self::new(command, witness) }
    }

    /// One that locks something where it is done, if it does.
    pub(crate) fn locking(
        command: Command,
        witness: Arc<Witness>,
        lock: Option<Contention>,
    ) -> Self {
        Self { lock, ..Self::new(command, witness) }
    }

    /// What it locks: that which its saga is about.
    pub(crate) fn target(&self) -> String {
        String::from_utf8_lossy(&self.command.input).into_owned()
    }

    /// It meets the lock of a saga, or none.
    pub(crate) fn meets(&self, holder: Option<SagaId>) {
        *self.met.borrow_mut() = holder;
    }

    /// The saga whose lock it has met.
    pub(crate) fn met(&self) -> Option<SagaId> {
        self.met.borrow_mut().clone()
    }

    /// It has come to this.
    pub(crate) fn came_to(&self, output: Bytes) {
        *self.output.borrow_mut() = Some(output);
    }

    /// What it has come to, where that says anything.
    pub(crate) fn output(&self) -> Bytes {
        self.output.borrow_mut().clone().unwrap_or_default()
    }

    /// What it has to enter.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.turn.as_ref().map(|turn| std::mem::take(&mut *turn.borrow_mut())).unwrap_or_default()
    }

    /// It takes something back.
    pub(crate) fn is_undo(&self) -> bool {
        self.command.direction == Direction::Undo
    }
}
