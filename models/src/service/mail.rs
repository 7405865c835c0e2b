use std::sync::Arc;

use crate::broker::{Outgoing, Publisher, Remote, RequestClient, Subscriber};
use crate::component::{Life, PlaceId};
use crate::saga::{BranchDesk, Member};

/// What it has of brokers in one life.
#[derive(Default)]
pub(super) struct Mail {
    pub(super) remotes: Vec<Arc<Remote>>,
    pub(super) publishers: Vec<Arc<Publisher>>,
    pub(super) requesters: Vec<Arc<RequestClient>>,
    pub(super) outgoing: Vec<Arc<Outgoing>>,
    pub(super) subscribers: Vec<Subscriber>,
    pub(super) members: Vec<Member>,
    pub(super) branches: Vec<BranchDesk>,
}

impl Mail {
    /// Tells all brokers that the process has gone.
    pub(super) fn reset(&self) {
        let remotes = self.remotes.iter().flat_map(|remote| remote.connections());
        remotes.for_each(|connection| connection.reset());
    }

    pub(super) fn remote(&mut self, life: &Life, name: &str) -> Arc<Remote> {
        let known = self.remotes.iter().find(|remote| remote.name() == name);
        known.cloned().unwrap_or_else(|| {
            let remote = Remote::open(life, name).expect("brokers of a plan are resolved");
            self.remotes.push(Arc::clone(&remote));
            remote
        })
    }

    /// The broker that somebody is a place of.
    pub(super) fn broker_at(&self, place: PlaceId) -> Option<Arc<Remote>> {
        self.remotes.iter().find(|remote| remote.is_at(place)).cloned()
    }
}
