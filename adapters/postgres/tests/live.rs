//! The suite on a server, and how fast it is.

use std::io::{Write, stdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cascadia_patterns::store::suite::{CASES, compare, transfers};
use cascadia_patterns::store::{Commit, Store};
use cascadia_runtime::Stream;

use crate::support::{number, open, run};

#[test]
#[ignore = "needs a server: .ci/live"]
fn it_passes_every_case() {
    for (name, case) in CASES {
        // A name of a case may be longer than that of a schema.
        let schema = &name[..name.len().min(40)];
        run(case(open(&format!("case_{schema}"))));
    }
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn it_answers_as_the_model_does() {
    for seed in 0..number("CASCADIA_SEEDS", 20) {
        let mut draws = Stream::from_seed(seed);
        run(compare(&*open(&format!("model_{seed}")), 100, &mut draws));
    }
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn transactions_at_the_same_time_happen_one_after_another() {
    for seed in 0..5 {
        run(transfers(open(&format!("bank_{seed}")), 4, 10, &mut Stream::from_seed(seed)));
    }
}

#[test]
#[ignore = "measures, and needs a server: .ci/live"]
fn rates() {
    for clients in [1, 8] {
        let store = open(&format!("rate_{clients}"));
        let (count, span) = (run(commits(store, clients)), SPAN.as_secs_f64());
        let line = format!("postgres, {clients} clients {:>9.0}/s\n", count as f64 / span);
        stdout().write_all(line.as_bytes()).unwrap();
    }
}

const SPAN: Duration = Duration::from_secs(3);

#[expect(clippy::disallowed_methods, reason = "real time is measured")]
fn now() -> Instant {
    Instant::now()
}

/// As many as `clients` do one after another, within the span.
async fn commits(store: Arc<dyn Store>, clients: u64) -> u64 {
    let end = now() + SPAN;
    let client = |client: u64| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut count: u64 = 0;
            while now() < end {
                let key = format!("{client}/{}", count % 100);
                store.commit(Commit::new().put(key, vec![7; 100])).await.unwrap();
                count += 1;
            }
            count
        })
    };
    let clients: Vec<_> = (0..clients).map(client).collect();
    let mut count = 0;
    for client in clients {
        count += client.await.unwrap();
    }
    count
}
