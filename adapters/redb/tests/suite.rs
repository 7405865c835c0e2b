//! The suite that every store passes, in a simulated world and on tokio's threads.

use std::sync::Arc;

use cascadia_patterns::store::suite::{CASES, compare, transfers};
use cascadia_runtime::{Stream, TokioWorld};

use crate::support::{disk, open, simulate};

#[test]
fn it_passes_every_case() {
    for (_, case) in CASES {
        simulate(1, |sim| Box::pin(async move { case(open(&sim, disk()).await.unwrap()).await }));
    }
}

#[test]
fn it_answers_as_the_model_does() {
    for seed in 0..20 {
        simulate(seed, |sim| {
            Box::pin(async move {
                let store = open(&sim, disk()).await.unwrap();
                compare(&*store, 100, &mut Stream::from_seed(seed)).await;
            })
        });
    }
}

#[test]
fn transactions_at_the_same_time_happen_one_after_another() {
    for seed in 0..10 {
        simulate(seed, |sim| {
            Box::pin(async move {
                let store = open(&sim, disk()).await.unwrap();
                transfers(store, 4, 10, &mut Stream::from_seed(seed)).await;
            })
        });
    }
}

#[test]
fn on_threads_it_is_the_same_store() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        for (_, case) in CASES {
            case(open(&TokioWorld::new(), disk()).await.unwrap()).await;
        }
        let store = open(&TokioWorld::new(), disk()).await.unwrap();
        transfers(Arc::clone(&store), 8, 10, &mut Stream::from_seed(1)).await;
    });
}
