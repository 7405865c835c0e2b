use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::two_phase::{Ask, Decision, Reply, TransactionId};
use cascadia_sim_core::Local;

use super::under_way::UnderWay;
use super::witness::Witness;

/// A request that is of a transaction of several services.
pub(crate) struct Branch {
    /// The name of the sagas.
    pub(crate) saga: Arc<str>,
    /// The step whose branch it is.
    pub(crate) step: Arc<str>,
    pub(crate) word: Word,
    /// What is said to it, which is the content of the answer.
    pub(crate) said: Local<Option<Said>>,
    /// What it is asked for is not forgotten meanwhile.
    _under_way: Option<UnderWay>,
}

/// What is asked.
pub(crate) enum Word {
    /// Of a service, by the coordinator.
    Ask(Ask),
    /// Of the coordinator, by who is in doubt.
    Inquiry(TransactionId),
}

/// What is said to it.
#[derive(Clone, Copy)]
pub(crate) enum Said {
    Reply(Reply),
    Decided(Option<Decision>),
}

impl Branch {
    /// What a coordinator asks of who has a branch.
    pub(crate) fn ask(
        saga: &Arc<str>,
        step: &Arc<str>,
        ask: Ask,
        witness: &Arc<Witness>,
    ) -> Arc<Self> {
        let _under_way = Some(UnderWay::new(witness, SagaId::from(&*ask.name)));
        let (saga, step, said) = (Arc::clone(saga), Arc::clone(step), Local::default());
        Arc::new(Self { saga, step, word: Word::Ask(ask), said, _under_way })
    }

    /// What who is in doubt asks of a coordinator.
    pub(crate) fn inquiry(saga: &Arc<str>, id: TransactionId) -> Arc<Self> {
        let (saga, step, said) = (Arc::clone(saga), "".into(), Local::default());
        Arc::new(Self { saga, step, word: Word::Inquiry(id), said, _under_way: None })
    }

    pub(crate) fn say(&self, said: Said) {
        *self.said.borrow_mut() = Some(said);
    }

    /// What a service has replied.
    pub(crate) fn reply(&self) -> Option<Reply> {
        match *self.said.borrow_mut() {
            Some(Said::Reply(reply)) => Some(reply),
            _ => None,
        }
    }

    /// What a coordinator has decided, as far as it says so.
    pub(crate) fn decided(&self) -> Option<Decision> {
        match *self.said.borrow_mut() {
            Some(Said::Decided(decision)) => decision,
            _ => None,
        }
    }
}
