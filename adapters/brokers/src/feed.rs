use std::fmt::Debug;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_patterns::messaging::{BrokerError, Fed, Feed};

use crate::station::Station;

/// Has a station be given what there is, and whoever asks be woken when there is more.
pub type Fetch = Box<dyn Fn(&mut Context<'_>) + Send>;

/// A feed from a station, whose task it tells when it is gone.
pub struct StationFeed<H: Clone> {
    station: Arc<Station<H>>,
    fetch: Option<Fetch>,
}

impl<H: Clone> StationFeed<H> {
    /// The feed of a station. There must be no other.
    pub const fn new(station: Arc<Station<H>>) -> Self {
        Self { station, fetch: None }
    }

    /// The feed of a station whose user fetches while he waits, as to be woken by a task that was woken costs more than a message
    /// does.
    pub const fn fetching(station: Arc<Station<H>>, fetch: Fetch) -> Self {
        Self { station, fetch: Some(fetch) }
    }
}

impl<H: Clone + Debug> Debug for StationFeed<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("StationFeed").field(&self.station).finish()
    }
}

impl<H: Clone + Debug + Send> Feed for StationFeed<H> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Fed, BrokerError>>> {
        if let Some(fetch) = &self.fetch
            && self.station.has_nothing()
        {
            fetch(context);
        }
        self.station.poll(context)
    }

    fn credit(&mut self, most: u32) {
        self.station.change(Some(most), false, false);
    }

    fn drain(&mut self) {
        self.station.change(None, true, false);
    }
}

impl<H: Clone> Drop for StationFeed<H> {
    fn drop(&mut self) {
        self.station.change(None, false, true);
    }
}
