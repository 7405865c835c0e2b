use std::fmt::Debug;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_patterns::messaging::{BrokerError, Fed, Feed};

use crate::station::Station;

/// A feed from a station, whose task it tells when it is gone.
#[derive(Debug)]
pub struct StationFeed<H: Clone>(Arc<Station<H>>);

impl<H: Clone> StationFeed<H> {
    /// The feed of a station. There must be no other.
    pub const fn new(station: Arc<Station<H>>) -> Self {
        Self(station)
    }
}

impl<H: Clone + Debug + Send> Feed for StationFeed<H> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Fed, BrokerError>>> {
        self.0.poll(context)
    }

    fn credit(&mut self, most: u32) {
        self.0.change(Some(most), false, false);
    }

    fn drain(&mut self) {
        self.0.change(None, true, false);
    }
}

impl<H: Clone> Drop for StationFeed<H> {
    fn drop(&mut self) {
        self.0.change(None, false, true);
    }
}
