use std::sync::{Arc, Weak};

use cascadia_patterns::saga::orchestrator::{Orchestrator, SagaError, Standing};
use cascadia_patterns::saga::state::Phase;
use cascadia_patterns::saga::{Order, SagaId};
use cascadia_runtime::Time;

use super::hub::Hub;
use super::plan::{OperatorPlan, SagaPlan, Wanted};
use crate::component::Life;
use crate::tcp::Host;

/// So many sagas are looked at together.
const PAGE: usize = 100;

/// Does what the operator wants at the times at which it is wanted, as long as an orchestrator lives.
pub(super) async fn operate(
    plan: Arc<SagaPlan>,
    (hub, life): (Arc<Hub>, Life),
    to: Weak<Orchestrator<Host>>,
) {
    for (number, order) in plan.operator.iter().enumerate() {
        let at = Time::ZERO + order.at;
        if life.now() < at {
            life.sleep(at.since(life.now())).await;
        }
        if !hub.orders.tells(number, life.place().id()) {
            continue;
        }
        let Some(orchestrator) = to.upgrade() else { return };
        // Of those that it did not come to the next order says it again.
        let _ = see_to(&orchestrator, &hub, order).await;
        hub.orders.is_done(number);
    }
}

/// Gives an order to all sagas that it is for.
async fn see_to(
    orchestrator: &Orchestrator<Host>,
    hub: &Hub,
    order: &OperatorPlan,
) -> Result<(), SagaError> {
    let mut behind: Option<SagaId> = None;
    loop {
        let page = orchestrator.list(behind.as_ref(), PAGE).await?;
        for Standing { id, is_stuck, .. } in &page {
            let order = match &order.wanted {
                Wanted::Retry if *is_stuck => Order::Retry,
                Wanted::Force if !is_stuck => Order::Force,
                Wanted::Skip(step) if *is_stuck => {
                    let log = orchestrator.log(id).await?;
                    let Phase::Stuck(at) = log.state().phase() else { continue };
                    if log.definition.steps()[at].name != *step {
                        continue;
                    }
                    hub.witness.by_hand(id.clone(), step);
                    Order::Skip { step: Arc::clone(step) }
                }
                _ => continue,
            };
            match orchestrator.order(id, order).await {
                // It has ended meanwhile.
                Ok(()) | Err(SagaError::Ended(_) | SagaError::NoSaga(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let Some(last) = page.last().filter(|_| page.len() == PAGE) else { return Ok(()) };
        behind = Some(last.id.clone());
    }
}
