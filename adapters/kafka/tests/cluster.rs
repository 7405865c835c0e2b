//! A few lines that answer as a cluster of Kafka does that makes topics, and keep what they were asked for.

use std::collections::BTreeMap;
use std::io::{Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const METADATA: i16 = 3;
const VERSIONS: i16 = 18;
const CREATE: i16 = 19;
const DELETE: i16 = 20;
/// What it knows, and the latest version of each; without the last two, it makes no topics.
const KNOWN: [(i16, i16); 4] = [(METADATA, 1), (VERSIONS, 0), (CREATE, 0), (DELETE, 0)];

const NONE: i16 = 0;
const NO_TOPIC: i16 = 3;
const NO_VERSION: i16 = 35;
const THERE_ALREADY: i16 = 36;

/// What a topic was made with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) partitions: i32,
    pub(crate) replicas: i16,
    pub(crate) settings: BTreeMap<String, String>,
}

type Topics = Arc<Mutex<BTreeMap<String, Made>>>;

/// A cluster of one server, until its process ends.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) address: String,
    topics: Topics,
}

impl Cluster {
    #[expect(clippy::disallowed_methods, reason = "a server is a process of its own elsewhere")]
    pub(crate) fn start(makes: bool) -> Self {
        let known = if makes { &KNOWN[..] } else { &KNOWN[..2] };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let topics = Topics::default();
        let all = Arc::clone(&topics);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let topics = Arc::clone(&all);
                std::thread::spawn(move || answer(stream, (port, known), &topics));
            }
        });
        Self { address: format!("127.0.0.1:{port}"), topics }
    }

    /// The topics that there are.
    pub(crate) fn topics(&self) -> BTreeMap<String, Made> {
        self.topics.lock().unwrap().clone()
    }
}

/// Answers until its client is gone.
fn answer(
    mut stream: TcpStream,
    (port, known): (u16, &[(i16, i16)]),
    topics: &Topics,
) -> Result<()> {
    loop {
        let mut size = [0; 4];
        stream.read_exact(&mut size)?;
        let mut bytes = vec![0; i32::from_be_bytes(size) as usize];
        stream.read_exact(&mut bytes)?;
        let mut asked = Asked(&bytes);
        let (what, version, number) = (asked.short(), asked.short(), asked.int());
        asked.text();
        let mut says = Says::default();
        says.int(number);
        match what {
            METADATA => metadata(&mut asked, port, topics, &mut says),
            CREATE => create(&mut asked, topics, &mut says),
            DELETE => delete(&mut asked, topics, &mut says),
            // Who asks for a later version is told in the first one.
            _ => {
                says.short(if version == 0 { NONE } else { NO_VERSION });
                says.int(known.len() as i32);
                for (what, latest) in known {
                    says.shorts([*what, 0, *latest]);
                }
            }
        }
        stream.write_all(&(says.0.len() as i32).to_be_bytes())?;
        stream.write_all(&says.0)?;
    }
}

fn metadata(asked: &mut Asked<'_>, port: u16, topics: &Topics, says: &mut Says) {
    let names: Vec<_> = (0..asked.int()).map(|_| asked.text()).collect();
    let topics = topics.lock().unwrap();
    // One server, which is the controller.
    says.ints([1, 0]);
    says.text("127.0.0.1");
    says.int(i32::from(port));
    says.short(-1);
    says.int(0);
    says.int(names.len() as i32);
    for name in names {
        let partitions = topics.get(&name).map_or(0, |made| made.partitions);
        says.short(if partitions == 0 { NO_TOPIC } else { NONE });
        says.text(&name);
        says.0.push(0);
        says.int(partitions);
        for partition in 0..partitions {
            says.short(NONE);
            // Its leader, its replicas, and those in sync.
            says.ints([partition, 0, 1, 0, 1, 0]);
        }
    }
}

fn create(asked: &mut Asked<'_>, topics: &Topics, says: &mut Says) {
    let (count, mut topics) = (asked.int(), topics.lock().unwrap());
    says.int(count);
    for _ in 0..count {
        let (name, partitions, replicas) = (asked.text(), asked.int(), asked.short());
        assert_eq!(asked.int(), 0, "who has what is the cluster's to say");
        let settings = (0..asked.int()).map(|_| (asked.text(), asked.text())).collect();
        says.text(&name);
        let is_there = topics.contains_key(&name);
        says.short(if is_there { THERE_ALREADY } else { NONE });
        topics.entry(name).or_insert(Made { partitions, replicas, settings });
    }
}

fn delete(asked: &mut Asked<'_>, topics: &Topics, says: &mut Says) {
    let (count, mut topics) = (asked.int(), topics.lock().unwrap());
    says.int(count);
    for _ in 0..count {
        let name = asked.text();
        says.text(&name);
        says.short(if topics.remove(&name).is_some() { NONE } else { NO_TOPIC });
    }
}

/// What is asked, as far as it is not read yet.
struct Asked<'a>(&'a [u8]);

impl Asked<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (first, rest) = self.0.split_first_chunk().unwrap();
        self.0 = rest;
        *first
    }

    fn short(&mut self) -> i16 {
        i16::from_be_bytes(self.take())
    }

    fn int(&mut self) -> i32 {
        i32::from_be_bytes(self.take())
    }

    fn text(&mut self) -> String {
        let size = usize::try_from(self.short()).unwrap_or(0);
        let (text, rest) = self.0.split_at(size);
        self.0 = rest;
        String::from_utf8(text.to_vec()).unwrap()
    }
}

/// What is answered.
#[derive(Default)]
struct Says(Vec<u8>);

impl Says {
    fn short(&mut self, it: i16) {
        self.0.extend(it.to_be_bytes());
    }

    fn shorts<const N: usize>(&mut self, all: [i16; N]) {
        all.into_iter().for_each(|it| self.short(it));
    }

    fn int(&mut self, it: i32) {
        self.0.extend(it.to_be_bytes());
    }

    fn ints<const N: usize>(&mut self, all: [i32; N]) {
        all.into_iter().for_each(|it| self.int(it));
    }

    fn text(&mut self, it: &str) {
        self.short(it.len() as i16);
        self.0.extend(it.as_bytes());
    }
}
