use std::collections::VecDeque;

use cascadia_patterns::shed::{Discipline, Next};
use cascadia_runtime::Time;

use super::job::Job;

/// A job that left the queue.
pub(super) struct Left {
    pub(super) job: Job,
    /// It waited too long; otherwise a worker takes it up.
    pub(super) shed: bool,
}

/// The jobs that wait at one replica.
///
/// A job whose caller has gone may be skipped. It counts as gone at once, and its place is
/// cleared when an end of the queue reaches it.
#[derive(Default)]
pub(super) struct Queue {
    /// `None` once the job is skipped.
    places: VecDeque<Option<Job>>,
    gone: usize,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.gone
    }

    pub(super) fn push(&mut self, job: Job) {
        self.places.push_back(Some(job));
    }

    /// Who leaves the queue, if there is a worker to take up a job.
    pub(super) fn pop(&mut self, now: Time, discipline: &mut Discipline) -> Option<Left> {
        let oldest = self.places.front()?.as_ref()?.arrived;
        let next = discipline.next(now, self.len(), oldest);
        let place = match next {
            Next::Oldest | Next::Shed => self.places.pop_front(),
            Next::Newest => self.places.pop_back(),
        };
        self.clear_ends();
        Some(Left { job: place??, shed: next == Next::Shed })
    }

    /// The jobs, first come first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Job> {
        self.places.iter().flatten()
    }

    /// Takes out the first job for which `is_it` holds.
    pub(super) fn skip(&mut self, is_it: impl Fn(&Job) -> bool) -> Option<Job> {
        let it = |place: &&mut Option<Job>| place.as_ref().is_some_and(&is_it);
        let job = self.places.iter_mut().find(it)?.take()?;
        self.gone += 1;
        self.clear_ends();
        Some(job)
    }

    fn clear_ends(&mut self) {
        while matches!(self.places.front(), Some(None)) {
            self.places.pop_front();
            self.gone -= 1;
        }
        while matches!(self.places.back(), Some(None)) {
            self.places.pop_back();
            self.gone -= 1;
        }
    }
}
