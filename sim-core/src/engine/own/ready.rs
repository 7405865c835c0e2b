use std::collections::VecDeque;

use cascadia_runtime::Stream;

use super::tasks::TaskId;

/// Tasks to be polled: first woken first, unless they are shuffled.
#[derive(Default)]
pub(super) struct Ready {
    tasks: VecDeque<TaskId>,
    shuffle: Option<Box<Stream>>,
}

impl Ready {
    pub(super) fn shuffle(&mut self, seed: u64) {
        self.shuffle = Some(Box::new(Stream::from_seed(seed)));
    }

    pub(super) fn push(&mut self, task: TaskId) {
        self.tasks.push_back(task);
    }

    pub(super) fn pop(&mut self) -> Option<TaskId> {
        match &mut self.shuffle {
            Some(stream) if !self.tasks.is_empty() => {
                let index = stream.below(self.tasks.len() as u64) as usize;
                self.tasks.swap_remove_back(index)
            }
            _ => self.tasks.pop_front(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = TaskId> + '_ {
        self.tasks.iter().copied()
    }
}
