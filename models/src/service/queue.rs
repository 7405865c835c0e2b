use std::collections::VecDeque;

use super::Job;
use crate::plan::Discipline;

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

    pub(super) fn pop(&mut self, discipline: Discipline) -> Option<Job> {
        loop {
            let place = match discipline {
                Discipline::Fifo => self.places.pop_front(),
                Discipline::Lifo => self.places.pop_back(),
            }?;
            if place.is_some() {
                return place;
            }
            self.gone -= 1;
        }
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
        while matches!(self.places.front(), Some(None)) {
            self.places.pop_front();
            self.gone -= 1;
        }
        while matches!(self.places.back(), Some(None)) {
            self.places.pop_back();
            self.gone -= 1;
        }
        Some(job)
    }
}
