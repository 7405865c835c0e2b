//! Bytes under random weather.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::laws::Law;
use cascadia_models::tcp::{Host, Link, Network, Settings, TcpStream};
use cascadia_runtime::{Listener, Net, Runtime, Stream, Time};
use cascadia_sim_core::{Sim, Simulation};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What a direction is like from some time on.
#[derive(Clone, Debug)]
enum Weather {
    /// Cut for so many milliseconds.
    Cut(u64),
    Like(Link),
}

#[derive(Clone, Debug)]
struct Case {
    seed: u64,
    settings: Settings,
    /// Bytes there, and back.
    bytes: [usize; 2],
    /// When, whether on the way there, and what.
    weather: Vec<(u64, bool, Weather)>,
}

fn jittery() -> Link {
    Link { latency: Law::Exponential { mean: 1e6 }, ..Link::new(Duration::ZERO) }
}

fn case() -> impl Strategy<Value = Case> {
    let weather = prop_oneof![
        (1..2_000u64).prop_map(Weather::Cut),
        (0.0..0.3).prop_map(|loss| Weather::Like(Link { loss, ..jittery() })),
        (0..50_000u64).prop_map(|us| Weather::Like(Link::new(Duration::from_micros(us)))),
        (10_000..10_000_000u64).prop_map(|bandwidth| {
            Weather::Like(Link { bandwidth: Some(bandwidth), ..jittery() })
        }),
    ];
    let weather = prop::collection::vec((0..3_000u64, any::<bool>(), weather), 0..8);
    let settings = (1..5_000usize, 1..1_500usize).prop_map(|(window, segment)| Settings {
        window,
        segment,
        ..Settings::default()
    });
    let bytes = [0..20_000usize, 0..20_000usize];
    (any::<u64>(), settings, bytes, weather).prop_map(|(seed, settings, bytes, weather)| Case {
        seed,
        settings,
        bytes,
        weather,
    })
}

/// Bytes that tell where in their direction they belong.
fn pattern(direction: usize, bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| cascadia_runtime::mix(direction as u64, index as u64) as u8).collect()
}

/// Writes and reads in pieces of random sizes with random rests, both at once. Returns what it read.
async fn converse<N: Net>(world: N, stream: TcpStream, say: Vec<u8>, seed: u64) -> Vec<u8> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut random = Stream::from_seed(seed);
    let resting = world.clone();
    let writing = async move {
        let mut left = &say[..];
        while !left.is_empty() {
            let most = 1 + random.below(3_000) as usize;
            let written = writer.write(&left[..most.min(left.len())]).await.unwrap();
            left = &left[written..];
            resting.sleep(Duration::from_micros(random.below(3_000))).await;
        }
        writer.shutdown().await.unwrap();
    };
    let mut random = Stream::from_seed(seed + 1);
    let reading = async move {
        let mut heard = Vec::new();
        loop {
            let mut piece = vec![0; 1 + random.below(3_000) as usize];
            let read = reader.read(&mut piece).await.unwrap();
            if read == 0 {
                return heard;
            }
            heard.extend(&piece[..read]);
            world.sleep(Duration::from_micros(random.below(3_000))).await;
        }
    };
    futures::join!(reading, writing).0
}

/// Runs a conversation and returns what each side heard, when it was over, and the digest.
fn run(case: &Case) -> ([Vec<u8>; 2], Time, u128) {
    let mut simulation = Simulation::new(case.seed).shuffled(case.seed);
    let sim = simulation.sim();
    let network = Network::new(sim, jittery(), case.settings);
    let (server, client) = (network.host("server"), network.host("client"));
    for (at, there, weather) in case.weather.clone() {
        let way = if there { [&client, &server] } else { [&server, &client] };
        let (network, way) = (network.clone(), way.map(Clone::clone));
        sim.at(Time::ZERO + Duration::from_millis(at), move || change(sim, network, way, weather));
    }
    watch(sim, network, case.settings.window);
    let address = server.address(80);
    let [there, back] = [pattern(0, case.bytes[0]), pattern(1, case.bytes[1])];
    let heard = Arc::new(Mutex::new(Vec::new()));
    let place = Arc::clone(&heard);
    let serving = server.clone().spawn(async move {
        let listener = server.listen(address).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        *place.lock().unwrap() = converse(server, stream, back, 1).await;
    });
    let dialling = async move {
        let stream = client.dial(address).await.unwrap();
        let answer = converse(client.clone(), stream, there, 3).await;
        serving.await.unwrap();
        (answer, client.now())
    };
    let (answer, end) = simulation.block_on(dialling).unwrap();
    let heard = std::mem::take(&mut *heard.lock().unwrap());
    ([heard, answer], end, simulation.digest().value())
}

fn change(sim: Sim, network: Network, [from, to]: [Host; 2], weather: Weather) {
    match weather {
        Weather::Like(link) => network.route(&from, &to, link),
        Weather::Cut(lasts) => {
            network.cut(&from, &to);
            let mend = sim.now() + Duration::from_millis(lasts);
            sim.at(mend, move || network.mend(&from, &to));
        }
    }
}

/// Looks at every millisecond that no direction holds more than its window.
fn watch(sim: Sim, network: Network, window: usize) {
    sim.spawn(async move {
        for _ in 0..5_000 {
            sim.sleep(Duration::from_millis(1)).await;
            let sockets = network.netstat().0;
            for socket in &sockets {
                let twin = sockets.iter().find(|other| other.peer == Some(socket.local));
                let unread = twin.map_or(0, |twin| twin.received);
                assert!(socket.sent + unread <= window, "{}", network.netstat());
            }
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn bytes_arrive_complete_in_order_and_once(case in case()) {
        let (heard, end, digest) = run(&case);
        prop_assert!(heard[0] == pattern(0, case.bytes[0]), "there");
        prop_assert!(heard[1] == pattern(1, case.bytes[1]), "back");
        prop_assert_eq!((heard, end, digest), run(&case), "a run repeats bit for bit");
    }
}
