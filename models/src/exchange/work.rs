use cascadia_runtime::Task as _;
use cascadia_sim_core::{Local, SimTask};

/// Who works on a request.
#[derive(Default)]
pub(super) struct Work(Local<State>);

#[derive(Default)]
struct State {
    /// What works on the request or takes it through an inbound stack, where it can be stopped.
    task: Option<SimTask>,
    /// Workers that work on what an inbound stack has let in.
    workers: u32,
}

impl Work {
    /// A worker takes up what an inbound stack has let in, or is done with it.
    pub(super) fn taken_up(&self, begins: bool) {
        let workers = &mut self.0.borrow_mut().workers;
        *workers = if begins { *workers + 1 } else { *workers - 1 };
    }

    /// It is on its way through an inbound stack, and no worker works on it.
    pub(super) fn waits_inbound(&self) -> bool {
        let state = self.0.borrow_mut();
        state.task.is_some() && state.workers == 0
    }

    pub(super) fn set_task(&self, task: SimTask) {
        self.0.borrow_mut().task = Some(task);
    }

    pub(super) fn end_task(&self) {
        drop(self.0.borrow_mut().task.take());
    }

    pub(super) fn abort_task(&self) {
        let task = self.0.borrow_mut().task.take();
        if let Some(task) = task {
            task.abort();
        }
    }
}
