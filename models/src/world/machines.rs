use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_sim_core::{Local, Sim};

use crate::component::{Death, Place, PlaceId};
use crate::network::{Fabric, Party};
use crate::tcp::{Host, Network, Settings};

/// The machines of places on a network of byte streams, over the links of the plan and its faults.
/// One is made when it is first asked for.
pub(crate) struct Machines {
    network: Network,
    hosts: Local<BTreeMap<PlaceId, Host>>,
}

impl Machines {
    pub(super) fn new(sim: Sim, fabric: &Arc<Fabric>) -> Arc<Self> {
        let network = Network::over(sim, Arc::clone(fabric), Settings::default());
        Arc::new(Self { network, hosts: Local::default() })
    }

    /// That of a place where `party` lives, of which this is dead.
    pub(crate) fn host(&self, place: &Place, party: Party, dead: Option<Death>) -> Host {
        let hosts = &mut self.hosts.borrow_mut();
        let host = hosts.entry(place.id).or_insert_with(|| {
            let host = self.network.at(place.node, &place.name, party);
            if dead == Some(Death::Process) {
                host.reset_all();
            }
            host
        });
        host.clone()
    }

    /// Ends the connections of a place: its process says so, its machine cannot.
    pub(super) fn end(&self, place: &Place, death: Death) {
        let Some(host) = self.find(place) else { return };
        match death {
            Death::Process => host.reset_all(),
            Death::Machine => host.lose_all(),
        }
    }

    /// The process of a place begins.
    pub(super) fn boot(&self, place: &Place) {
        if let Some(host) = self.find(place) {
            host.begin();
        }
    }

    fn find(&self, place: &Place) -> Option<Host> {
        self.hosts.borrow_mut().get(&place.id).cloned()
    }
}
