//! What a replica does to rows that it keeps by a log.

use cascadia_patterns::call::Failure;

use super::log::Log;
use super::member::{Member, conflict};
use super::task::Task;
use crate::exchange::{ServiceError, Status};
use crate::store::{Access, Act, Applied, Ask, Command, Conflict, Holder, Inside, Part};

type Wrong = Failure<ServiceError>;

impl Task<'_> {
    /// Does something to a row. Whoever does not lead says so before it does anything else.
    pub(super) async fn keep_by_log(
        &self,
        step: u64,
        act: Act,
        (ask, access): (Ask, &Access),
        member: &Member<'_>,
    ) -> Result<u64, Wrong> {
        let row = ask.row;
        let log = member.log.expect("whoever elects keeps a log");
        if !log.leads() {
            return Err(not_leading());
        }
        if act == Act::Transact {
            return self.transact_by_log(step, &ask, member, log).await;
        }
        let before = member.keeper.acknowledged(row);
        self.work(step, &access.before).await;
        if act == Act::Read {
            let version =
                log.read(row).ok_or_else(not_leading)?.await.map_err(|_| not_leading())?;
            return Ok(member.tell(act, row, (before, version)));
        }
        let locks = log.locks();
        let mut holder = Holder::new(&locks);
        holder.lock(row).await.map_err(|wrong| conflict(wrong, member))?;
        let part = match act {
            Act::Compare => Part::Compare { row, version: ask.version },
            _ => Part::Write { row },
        };
        let command = Command { number: member.keeper.next(), parts: vec![part] };
        let proposed = log.propose(self.exchange, &command).ok_or_else(not_leading)?;
        drop(holder);
        let (version, _) = done(proposed.await.map_err(|_| unknown())?, member)?;
        Ok(member.tell(act, row, (before, version)))
    }

    /// Does what a transaction does and puts all of it into one entry, so that its reads and writes
    /// take effect at once. It keeps the rows that it writes until that is committed.
    async fn transact_by_log(
        &self,
        step: u64,
        ask: &Ask,
        member: &Member<'_>,
        log: &dyn Log,
    ) -> Result<u64, Wrong> {
        let plan = &member.keeper.plan;
        let locks = log.locks();
        let mut holder = Holder::new(&locks);
        let (mut parts, mut read, mut written) = (Vec::new(), Vec::new(), Vec::new());
        for (number, inside) in (0..).zip(ask.inside.as_deref().unwrap_or_default()) {
            match inside {
                Inside::Work(law) => self.inside(step, number, law).await,
                Inside::Read(row) => {
                    let row = self.row(*row);
                    self.inside(step, number, &plan.read.before).await;
                    read.push((row, member.keeper.acknowledged(row)));
                    parts.push(Part::Read { row });
                }
                Inside::Write(row) => {
                    let row = self.row(*row);
                    holder.lock(row).await.map_err(|wrong| conflict(wrong, member))?;
                    self.inside(step, number, &plan.write.before).await;
                    written.push(row);
                    parts.push(Part::Write { row });
                }
                Inside::Publish(_) => unreachable!("only who keeps rows alone has an outbox"),
            }
        }
        let command = Command { number: member.keeper.next(), parts };
        let proposed = log.propose(self.exchange, &command).ok_or_else(not_leading)?;
        let (version, versions) = done(proposed.await.map_err(|_| unknown())?, member)?;
        drop(holder);
        for row in written {
            member.tell(Act::Write, row, (0, version));
        }
        for ((row, before), version) in read.into_iter().zip(versions) {
            member.tell(Act::Read, row, (before, version));
        }
        Ok(version)
    }
}

/// The version that a command has written, and those that it has read.
fn done(applied: Applied, member: &Member<'_>) -> Result<(u64, Vec<u64>), Wrong> {
    match applied {
        Applied::Done { version, read } => Ok((version, read)),
        Applied::Conflict => Err(conflict(Conflict, member)),
    }
}

fn not_leading() -> Wrong {
    Failure::Service(ServiceError::not_leading())
}

/// Nobody knows whether it will yet be done.
fn unknown() -> Wrong {
    Failure::Service(ServiceError::called(Status::UNAVAILABLE))
}
