//! Transactions: several steps at a store, all of which take effect or none.

use cascadia_patterns::call::Failure;
use cascadia_runtime::Draw;

use super::member::{Member, conflict};
use super::task::Task;
use super::unit::Unit;
use crate::draws::Purpose;
use crate::exchange::{Content, ServiceError};
use crate::laws::Law;
use crate::store::{Act, Ask, Errand, Holder, Inside, RowOf, Told};

impl Task<'_> {
    /// Does the steps of a transaction, which keeps a worker and each row that it writes until it ends.
    /// Tells the version of what it has written last. Of a message that was done before nothing is done.
    pub(super) async fn transact(
        &self,
        step: u64,
        ask: &Ask,
        member: &Member<'_>,
    ) -> Result<Content, Failure<ServiceError>> {
        if let Some(errand) = &ask.errand {
            return self.run(step, errand, member).await;
        }
        let plan = &member.keeper.plan;
        let inside = ask.inside.as_deref().unwrap_or_default();
        let Some(mut unit) = Unit::begin(ask, member).await? else {
            return Ok(Content { known: true, ..Content::default() });
        };
        let mut holder = Holder::new(&member.keeper.locks);
        let (mut read, mut writes) = (Vec::new(), Vec::new());
        for (number, inside) in (0..).zip(inside) {
            match inside {
                Inside::Work(law) => self.inside(step, number, law).await,
                Inside::Read(row) => {
                    let row = self.row(*row);
                    let before = member.keeper.acknowledged(row);
                    self.inside(step, number, &plan.read.before).await;
                    let ask = Ask::of(row, 0);
                    let version = member.keeper.act(member.number, Act::Read, &ask);
                    read.push((row, before, version.unwrap_or(0)));
                }
                Inside::Write(row) => {
                    let row = self.row(*row);
                    holder.lock(row).await.map_err(|wrong| conflict(wrong, member))?;
                    self.inside(step, number, &plan.write.before).await;
                    writes.push(row);
                }
                Inside::Publish(publish) => {
                    unit.publish(self, (step, number), (publish, ask), member).await?;
                }
            }
        }
        unit.commit(member).await?;
        let mut last = 0;
        for row in writes {
            last = member.keeper.next();
            let ask = Ask::of(row, last);
            let written = member.keeper.act(member.number, Act::Write, &ask);
            written.map_err(|wrong| conflict(wrong, member))?;
            self.replicate(step, (row, last), member).await;
            member.tell(Act::Write, row, (0, last));
        }
        for (row, before, version) in read {
            member.tell(Act::Read, row, (before, version));
        }
        Ok(Content { version: last, ..Content::default() })
    }

    /// Does something with the table of the store, which takes as long as with a row.
    async fn run(
        &self,
        step: u64,
        errand: &Errand,
        member: &Member<'_>,
    ) -> Result<Content, Failure<ServiceError>> {
        let plan = &member.keeper.plan;
        let access = if errand.writes() { &plan.write } else { &plan.read };
        self.inside(step, 0, &access.before).await;
        let is_done = errand.run(&member.keeper.table).await;
        (member.count)(match (errand.writes(), is_done) {
            (true, true) => Told::Written,
            (true, false) => Told::Conflict,
            (false, _) => Told::Read { is_stale: false },
        });
        Ok(Content::default())
    }

    pub(super) async fn inside(&self, step: u64, number: u32, law: &Law) {
        let draw = Draw::new(self.exchange.key, Purpose::Member(step, number).tag(), 1);
        self.work_of(law, draw).await;
    }

    /// The row that a step is about.
    pub(super) fn row(&self, row: RowOf) -> u64 {
        match row {
            RowOf::Request => self.exchange.request.row(),
            RowOf::Always(row) => row,
        }
    }
}
