//! What a transaction of a store does besides its rows: what it knows of messages, and what it publishes.

use std::sync::Arc;

use cascadia_patterns::call::Failure;
use cascadia_patterns::messaging::inbox::{Inbox, Known};
use cascadia_patterns::store::{StoreError, Transaction};

use super::member::{Member, conflict};
use super::task::Task;
use crate::broker::{Outgoing, Staged};
use crate::draws::Purpose;
use crate::exchange::{ServiceError, Status};
use crate::plan::PublishPlan;
use crate::store::{Ask, Conflict};

type Wrong = Failure<ServiceError>;

/// How many ids are forgotten at a time, so that no transaction pays for all.
const FORGOTTEN: usize = 100;

/// It commits with the rows, or not at all.
pub(super) struct Unit {
    transaction: Transaction,
    staged: Vec<(Arc<Outgoing>, Staged)>,
}

impl Unit {
    /// That of what is asked for; nothing where that was done before.
    pub(super) async fn begin(ask: &Ask, member: &Member<'_>) -> Result<Option<Self>, Wrong> {
        let store = &member.keeper.table;
        let mut transaction = Transaction::begin(store);
        if let Some(once) = &ask.once {
            let inbox = Inbox::new((*once.inbox).clone());
            let inbox = inbox.expect("an inbox that makes no sense is refused with the plan");
            let begins = async {
                inbox.forget(store, member.wall, FORGOTTEN).await?;
                inbox.begin(store, member.wall, &once.delivery).await
            };
            match begins.await.map_err(|error| wrong(error, member))? {
                Known::First(first) => transaction = first,
                Known::Nameless => {}
                Known::Seen | Known::Beyond => return Ok(None),
            }
        }
        Ok(Some(Self { transaction, staged: Vec::new() }))
    }

    /// Has a message published when it commits.
    pub(super) async fn publish(
        &mut self,
        task: &Task<'_>,
        (step, number): (u64, u32),
        (plan, ask): (&PublishPlan, &Ask),
        member: &Member<'_>,
    ) -> Result<(), Wrong> {
        let outgoing = task.host.outgoing(&plan.broker);
        let again = cascadia_runtime::mix(ask.again, u64::from(number));
        let posting = task.posting(step, Purpose::Member(step, number), again);
        let staged = outgoing.add(&mut self.transaction, plan, posting).await;
        self.staged.push((Arc::clone(&outgoing), staged.map_err(|error| wrong(error, member))?));
        Ok(())
    }

    /// Commits it.
    pub(super) async fn commit(self, member: &Member<'_>) -> Result<(), Wrong> {
        self.transaction.commit().await.map_err(|error| wrong(error, member))?;
        for (outgoing, staged) in self.staged {
            outgoing.committed(staged);
        }
        Ok(())
    }
}

fn wrong(error: StoreError, member: &Member<'_>) -> Wrong {
    match error {
        StoreError::Conflict => conflict(Conflict, member),
        _ => Failure::Service(ServiceError::called(Status::UNAVAILABLE)),
    }
}
