use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cascadia_examples::messaging::{Bus, Failed, Row, outbox, pubsub, request_reply, work_queue};
use cascadia_patterns::messaging::{Broker, BrokerError, Capability};

use super::run;

/// Runs the examples of messages on the brokers that are opened with names of their own, where nothing more comes when nothing has
/// come for so long, and holds what they promise to what became of it. What was refused, and for what the broker cannot do.
///
/// # Panics
///
/// When one fails otherwise, or breaks its promise.
pub fn play_examples(
    quiet: Duration,
    open: impl Fn(&str) -> Arc<dyn Broker> + Send + Sync + 'static,
) -> Vec<(&'static str, Capability)> {
    let number = AtomicU64::new(0);
    let knows_again = open("none").can().has(Capability::Dedupe);
    let bus = Bus::of(quiet, move || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        Ok(open(&format!("example-{}-{number}-", std::process::id())))
    });
    run(async {
        let mut refused = Vec::new();
        let mut told = |name, wrong: Option<Capability>| refused.extend(wrong.map(|it| (name, it)));
        told(
            "pubsub",
            judge(pubsub::play(&bus).await, |rows| {
                // Who comes late for what comes then has missed the rest.
                rows.iter().all(|row| row.lost == 0 || row.name.ends_with("what comes then"))
            }),
        );
        told(
            "work_queue",
            judge(work_queue::play(&bus).await, |rows| {
                let [before, after, once] = &rows[..] else { return false };
                let is_done = |row: &Row| row.lost == 0 && row.done + row.dead == 400;
                before.doubled == 0 && is_done(after) && is_done(once) && once.doubled == 0
            }),
        );
        told(
            "outbox",
            judge(outbox::play(&bus).await, |rows| {
                let [(before, untrue), (after, none), (outbox, never)] = &rows[..] else {
                    return false;
                };
                let is_once = outbox.lost == 0 && (!knows_again || outbox.doubled == 0);
                before.lost == 0 && *untrue > 0 && after.lost > 0 && is_once && none + never == 0
            }),
        );
        told(
            "request_reply",
            judge(request_reply::play(&bus).await, |ends| {
                let all = ends.replied + ends.refused + ends.timed_out;
                all == ends.requests && ends.left == 0 && ends.replied > ends.requests / 2
            }),
        );
        refused
    })
}

/// What a broker cannot do that an example needs, if not all went well.
fn judge<T: Debug>(played: Result<T, Failed>, is_kept: impl Fn(&T) -> bool) -> Option<Capability> {
    let wrong = match played {
        Ok(told) => {
            assert!(is_kept(&told), "{told:#?}");
            return None;
        }
        Err(wrong) => wrong,
    };
    match wrong.downcast_ref() {
        Some(BrokerError::Unsupported(what)) => Some(*what),
        _ => panic!("{wrong}"),
    }
}
