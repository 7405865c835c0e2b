use std::future::Future;
use std::io;
use std::time::Duration;

use cascadia_models::tcp::{Host, Link, Network, Settings, TcpListener, TcpStream};
use cascadia_runtime::{Listener, Net, Runtime, Time};
use cascadia_sim_core::{Sim, Simulation};

pub(crate) const PORT: u16 = 80;

pub(crate) fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn at(millis: u64) -> Time {
    Time::ZERO + ms(millis)
}

/// Two hosts, a millisecond apart.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) sim: Sim,
    pub(crate) network: Network,
    pub(crate) server: Host,
    pub(crate) client: Host,
}

impl World {
    pub(crate) fn now(&self) -> Time {
        self.client.now()
    }

    pub(crate) async fn sleep_until(&self, millis: u64) {
        self.client.sleep_until(at(millis)).await;
    }

    /// Does something later.
    pub(crate) fn later(&self, millis: u64, action: impl FnOnce(&Self) + Send + 'static) {
        let world = self.clone();
        self.sim.at(at(millis), move || action(&world));
    }

    pub(crate) async fn listen(&self) -> TcpListener {
        self.server.listen(self.server.address(PORT)).await.unwrap()
    }

    pub(crate) async fn dial(&self) -> io::Result<TcpStream> {
        self.client.dial(self.server.address(PORT)).await
    }

    /// Both ends of a connection that was dialled at zero: the client's, then the server's.
    pub(crate) async fn connect(&self) -> (TcpStream, TcpStream) {
        let listener = self.listen().await;
        let near = self.dial().await.unwrap();
        let (far, _) = listener.accept().await.unwrap();
        (near, far)
    }
}

/// Runs a test beside two hosts.
pub(crate) fn run<T, F>(settings: Settings, test: impl FnOnce(World) -> F) -> T
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let network = Network::new(sim, Link::new(ms(1)), settings);
    let (server, client) = (network.host("server"), network.host("client"));
    let test = test(World { sim, network, server, client });
    simulation.block_on(test).unwrap()
}

/// The same with the settings that there are by themselves.
pub(crate) fn plain<F>(test: impl FnOnce(World) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    run(Settings::default(), test);
}
