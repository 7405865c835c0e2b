use std::collections::VecDeque;

use super::Job;
use crate::measure::Queued;
use crate::plan::Discipline;

/// The jobs that wait at one replica.
///
/// A job whose caller has gone may be skipped. It counts as gone at once, and its place is
/// cleared when an end of the queue reaches it.
#[derive(Default)]
pub(super) struct Queue {
    places: VecDeque<Place>,
    gone: usize,
}

/// `None` once the job is skipped.
type Place = Option<(Job, Queued)>;

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.gone
    }

    pub(super) fn push(&mut self, job: Job, stay: Queued) {
        self.places.push_back(Some((job, stay)));
    }

    pub(super) fn pop(&mut self, discipline: Discipline) -> Option<Job> {
        loop {
            let place = match discipline {
                Discipline::Fifo => self.places.pop_front(),
                Discipline::Lifo => self.places.pop_back(),
            }?;
            if let Some((job, _)) = place {
                return Some(job);
            }
            self.gone -= 1;
        }
    }

    /// Takes out the first job for which `is_it` holds.
    pub(super) fn skip(&mut self, is_it: impl Fn(&Job) -> bool) -> Option<Job> {
        let it = |place: &&mut Place| place.as_ref().is_some_and(|(job, _)| is_it(job));
        let (job, _) = self.places.iter_mut().find(it)?.take()?;
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
