//! Closed loop: a client waits for its answer, thinks, and asks again.

use std::sync::Arc;

use cascadia_runtime::{Draw, Runtime};

use super::Sender;
use crate::draws::Purpose;
use crate::laws::Law;

/// One client. It thinks before its first request too, so that clients do not start in step
/// where their think times differ.
pub(super) async fn client(sender: Arc<Sender>, number: u32, think: Law) {
    let sim = sender.sim();
    let who = sender.identity().number(number.into());
    let mut keys = sim.stream(who.name("demand"), 0);
    sim.sleep_until(sender.plan().from).await;
    loop {
        sim.turn();
        let key = keys.next_u64();
        let pause = think.sample(&mut Draw::new(key, Purpose::Think.tag(), 0));
        sim.sleep_until(sim.now().after(pause)).await;
        let now = sim.now();
        if now >= sender.plan().until {
            return;
        }
        Arc::clone(&sender).send(number, key, now).await;
    }
}
