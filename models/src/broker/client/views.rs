use std::task::Waker;

use crate::broker::settings::BrokerPlan;
use crate::broker::view::View;

/// Who leads what, as a client knows it, and whether it believes that.
pub(super) struct Views {
    pub(super) view: View,
    is_in_doubt: bool,
    /// Wakes who looks after it.
    waker: Option<Waker>,
}

impl Views {
    /// As it is at the beginning of a run.
    pub(super) fn new(plan: &BrokerPlan, places: usize) -> Self {
        let leader = |of| (of, plan.replicas(of, places).next());
        let leaders = plan.replicated().map(leader).collect();
        let view = View { version: 0, leaders, coordinators: (0..places).collect() };
        Self { view, is_in_doubt: false, waker: None }
    }

    /// Who does what a place would do if it lived.
    pub(super) fn coordinator(&self, place: usize) -> usize {
        self.view.coordinators.get(place).copied().unwrap_or(place)
    }

    /// Somebody was asked and did not answer, or is not the one to ask.
    pub(super) fn doubt(&mut self) {
        self.is_in_doubt = true;
        self.waker.take().into_iter().for_each(Waker::wake);
    }

    /// Whether it is in doubt, which it is no more then; wakes when it is again.
    pub(super) fn take_doubt(&mut self, waker: &Waker) -> bool {
        if !std::mem::take(&mut self.is_in_doubt) {
            self.waker = Some(waker.clone());
            return false;
        }
        true
    }

    /// Somebody says how it is. Whether that is news.
    pub(super) fn learn(&mut self, view: View) -> bool {
        let is_newer = view.version > self.view.version;
        if is_newer {
            self.view = view;
        }
        is_newer
    }
}
