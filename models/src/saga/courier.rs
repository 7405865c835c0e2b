use std::pin::pin;
use std::sync::{Arc, Weak};

use cascadia_patterns::saga::Order;
use cascadia_patterns::saga::orchestrator::Orchestrator;
use futures::future::select;

use super::hub::Hub;
use crate::component::Life;
use crate::tcp::Host;

/// Passes on to sagas what happens outside, as long as an orchestrator lives.
pub(super) async fn pass_on(hub: Arc<Hub>, life: Life, to: Weak<Orchestrator<Host>>) {
    let place = life.place().id();
    loop {
        let news = hub.signals.news.notified();
        match hub.signals.tell(place, life.now()) {
            Ok(due) => {
                let (hub, to) = (Arc::clone(&hub), to.clone());
                life.spawn(async move {
                    let Some(orchestrator) = to.upgrade() else { return };
                    let (_, saga, name) = &due;
                    let order = Order::Signal { name: Arc::clone(name), body: "".into() };
                    // One that has ended waits for nothing.
                    let _ = orchestrator.order(saga, order).await;
                    hub.signals.passed_on(place, &due);
                });
            }
            Err(Some(at)) => {
                let happens = life.sleep(at.since(life.now()));
                select(pin!(happens), pin!(news)).await;
            }
            Err(None) => news.await,
        }
    }
}
