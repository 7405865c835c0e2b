use std::fmt;
use std::sync::Arc;

use cascadia_sim_core::{NodeId, Sim};

use super::host::Host;
use super::netstat::Netstat;
use super::settings::Settings;
use super::topology::Topology;
use crate::network::{Disturbance, Fabric, Fate, Link, Links, Party, Passage, Side};

/// The hosts of a simulation and what lies between them. A handle: clones are the same network.
#[derive(Clone)]
pub struct Network(Arc<Topology>);

impl Network {
    /// A network without hosts. `link` is what lies between any two of them, in each direction.
    ///
    /// # Panics
    ///
    /// When a loss is no share, or a bandwidth or a size is zero.
    pub fn new(sim: Sim, link: Link, settings: Settings) -> Self {
        settings.assert_checked();
        link.assert_checked();
        let links = Links { default: Some(link), ..Links::default() };
        Self::over(sim, Arc::new(Fabric::new(links)), settings)
    }

    /// A network without hosts over links that others use too.
    pub(crate) fn over(sim: Sim, fabric: Arc<Fabric>, settings: Settings) -> Self {
        Self(Arc::new(Topology::new(sim, fabric, settings)))
    }

    /// A new host: a node with the next free address, 10.0.0.1 first.
    ///
    /// # Panics
    ///
    /// When there is a host of that name: what its packets meet is drawn by name.
    pub fn host(&self, name: &str) -> Host {
        let machine = self.0.add(name, self.0.sim.node(name), Party::Host);
        Host::new(Arc::clone(&self.0), machine)
    }

    /// A new host on a node that there is, which is `party` to links and faults.
    pub(crate) fn at(&self, node: NodeId, name: &str, party: Party) -> Host {
        Host::new(Arc::clone(&self.0), self.0.add(name, node, |_| party))
    }

    /// Makes the way from `from` to `to` a link of its own, for packets sent from now on.
    ///
    /// # Panics
    ///
    /// When a loss is no share, or a bandwidth is zero.
    pub fn route(&self, from: &Host, to: &Host, link: Link) {
        link.assert_checked();
        self.0.path(from.machine(), to.machine()).borrow_mut().set(&link);
    }

    /// Makes the ways between two hosts links of their own, for packets sent from now on.
    ///
    /// # Panics
    ///
    /// As [`route`](Self::route).
    pub fn link(&self, one: &Host, other: &Host, link: Link) {
        self.route(one, other, link.clone());
        self.route(other, one, link);
    }

    /// Loses every packet sent from `from` to `to` from now on. Nobody is told.
    pub fn cut(&self, from: &Host, to: &Host) {
        let (sender, receiver) = (Side::of(vec![from.party()]), Side::of(vec![to.party()]));
        let lost = move |packet: &Passage| match packet.passes(&sender, &receiver) {
            true => Fate::Lost,
            false => Fate::Untouched,
        };
        self.0.fabric.begin(cut(from, to), Arc::new(lost));
    }

    /// Ends a cut. What was lost is sent again when its time comes.
    pub fn mend(&self, from: &Host, to: &Host) {
        self.0.fabric.end(cut(from, to));
    }

    /// Cuts both directions.
    pub fn partition(&self, one: &Host, other: &Host) {
        self.cut(one, other);
        self.cut(other, one);
    }

    /// Mends both directions.
    pub fn heal(&self, one: &Host, other: &Host) {
        self.mend(one, other);
        self.mend(other, one);
    }

    /// What every host knows of its connections, at this moment.
    pub fn netstat(&self) -> Netstat {
        self.0.netstat()
    }
}

fn cut(from: &Host, to: &Host) -> Disturbance {
    Disturbance::Cut(from.party(), to.party())
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").finish_non_exhaustive()
    }
}
