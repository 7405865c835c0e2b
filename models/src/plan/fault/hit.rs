use std::cell::Cell;
use std::sync::Arc;

use super::Errors;

use crate::disk::Trouble;

/// A replica that a fault hits. What is said here holds while the fault lasts.
pub trait Hit {
    /// Work that is begun takes so many times as long, to its end.
    fn slow(&self, factor: f64);

    /// Work in progress takes so many times as long.
    fn stretch(&self, factor: f64);

    /// It stops without a word and comes back empty.
    fn stop(&self);

    /// Its process dies. Who waits for it is told at once, and who comes is refused, until it
    /// comes back empty. Whom it was calling itself is not told.
    fn die(&self);

    /// It answers requests with an error.
    fn err(&self, errors: &Arc<Errors>);

    /// It answers this share of requests with an error on arrival.
    fn fail(&self, rate: f64) {
        self.err(&Arc::new(Errors::on_arrival(rate)));
    }

    /// Something is wrong with its disk, if it has one.
    fn trouble(&self, trouble: Trouble);
}

/// Whether an effect stretches work in progress, found by asking it what it would do.
pub(super) fn stretches(effect: &dyn Fn(&dyn Hit)) -> bool {
    let probe = Probe(Cell::new(false));
    effect(&probe);
    probe.0.get()
}

struct Probe(Cell<bool>);

impl Hit for Probe {
    fn slow(&self, _factor: f64) {}

    fn stretch(&self, _factor: f64) {
        self.0.set(true);
    }

    fn stop(&self) {}

    fn die(&self) {}

    fn err(&self, _: &Arc<Errors>) {}

    fn trouble(&self, _trouble: Trouble) {}
}
