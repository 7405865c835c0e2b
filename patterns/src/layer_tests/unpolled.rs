//! A call is let in when it is called, and gives back what it holds even if nobody ever polls it.

use super::layers::{Sample, put, samples};
use crate::testing::{Server, Step, TestWorld, safe};

#[tokio::test(start_paused = true)]
async fn calls_that_are_dropped_before_their_first_poll_hold_nothing() {
    for Sample { name, tight, .. } in samples().filter(|sample| !sample.counts_calls) {
        let server = Server::new(TestWorld::new(), &[Step::Ok]);
        let layer = put(tight, server.clone());
        for _ in 0..20 {
            drop(layer.clone().call(safe()));
        }
        assert!(server.seen().is_empty(), "{name}: a server works when it is polled");
        let held: Vec<_> = (0..20).map(|_| layer.clone().call(safe())).collect();
        drop(held);
        assert_eq!(layer.call(safe()).await, Ok(7), "{name}");
        assert_eq!((server.seen().len(), server.in_flight()), (1, 0), "{name}");
    }
}
