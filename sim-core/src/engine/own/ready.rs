use std::collections::VecDeque;

use cascadia_runtime::Stream;

use super::tasks::TaskId;

/// Tasks to be polled: first woken first, unless they are shuffled.
#[derive(Default)]
pub(super) struct Ready {
    /// The first; most of the time there is no other.
    first: Option<TaskId>,
    others: VecDeque<TaskId>,
    shuffle: Option<Box<Stream>>,
}

impl Ready {
    pub(super) fn shuffle(&mut self, seed: u64) {
        self.shuffle = Some(Box::new(Stream::from_seed(seed)));
    }

    pub(super) fn push(&mut self, task: TaskId) {
        if self.first.is_none() && self.others.is_empty() {
            self.first = Some(task);
        } else {
            self.others.push_back(task);
        }
    }

    pub(super) fn pop(&mut self) -> Option<TaskId> {
        if self.shuffle.is_some() {
            return self.draw();
        }
        self.first.take().or_else(|| self.others.pop_front())
    }

    #[cold]
    fn draw(&mut self) -> Option<TaskId> {
        self.others.extend(self.first.take());
        let stream = self.shuffle.as_mut().filter(|_| !self.others.is_empty())?;
        let index = stream.below(self.others.len() as u64) as usize;
        self.others.swap_remove_back(index)
    }
}
