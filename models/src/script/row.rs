//! Rows of stores: what a script asks of them, and what a store does.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use cascadia_patterns::call::{BoxFuture, Failure, Kind};
use cascadia_runtime::{Draw, Runtime as _};
use futures::FutureExt;

use super::member::{Member, conflict};
use super::task::Task;
use crate::draws::Purpose;
use crate::exchange::{Answer, Content, ServiceError};
use crate::ids::EndpointId;
use crate::store::{Access, Act, Ask, Asked, Holder, Keeping, Once, Role};

impl Task<'_> {
    /// Asks a store.
    pub(super) async fn access(
        &self,
        step: u64,
        site: usize,
        endpoint: EndpointId,
        asked: &Asked,
    ) -> Answer {
        let Asked { act, row, inside, once } = asked;
        let row = self.row(*row);
        let version = self.seen.version((site, row));
        let request = self.request(step, Purpose::Call(step), endpoint, act.is_safe());
        let again = self.again_key(Purpose::Call(step));
        let delivery = self.exchange.request.delivery().cloned();
        let once = once.clone().zip(delivery).map(|(inbox, delivery)| Once { inbox, delivery });
        let inside = inside.clone();
        let request = request.asking(Ask { inside, once, again, ..Ask::of(row, version) });
        let answer = self.send(site, request).await;
        if let Ok(content) = &answer {
            self.seen.note((site, row), content.version);
        }
        answer
    }

    /// What a store does. Tells the version of the row then.
    pub(super) async fn keep(
        &self,
        step: u64,
        (act, role): (Act, Role),
        access: &Access,
    ) -> Result<Content, Failure<ServiceError>> {
        let member = self.host.member().expect("only a store keeps rows");
        let request = &self.exchange.request;
        let ask = request.ask().cloned();
        let ask = ask.unwrap_or_else(|| Ask::of(request.row(), 0));
        let of = |version| Content { version, ..Content::default() };
        let version = match role {
            Role::Keeper if act == Act::Transact => {
                let content = self.transact(step, &ask, &member).await;
                self.work(step + 1, &access.after).await;
                return content;
            }
            Role::Keeper => self.keep_row(step, act, (ask, access), &member).await,
            Role::Elected => self.keep_by_log(step, act, (ask, access), &member).await,
            Role::Coordinator(endpoint) => {
                let before = member.keeper.acknowledged(ask.row);
                let version = self.coordinate(step, act, endpoint, ask.row, &member).await?;
                return Ok(of(member.tell(act, ask.row, (before, version))));
            }
            Role::Member => {
                self.work(step, &access.before).await;
                let done = member.keeper.act(member.number, act, &ask);
                done.map_err(|wrong| conflict(wrong, &member))
            }
        };
        self.work(step + 1, &access.after).await;
        version.map(of)
    }

    /// What the one that keeps a row does to it.
    async fn keep_row(
        &self,
        step: u64,
        act: Act,
        (mut ask, access): (Ask, &Access),
        member: &Member<'_>,
    ) -> Result<u64, Failure<ServiceError>> {
        let Member { keeper, number, .. } = member;
        let before = keeper.acknowledged(ask.row);
        self.work(step, &access.before).await;
        if act == Act::Read {
            let version = keeper.act(*number, act, &ask).unwrap_or(0);
            return Ok(member.tell(act, ask.row, (before, version)));
        }
        let mut holder = Holder::new(&keeper.locks);
        holder.lock(ask.row).await.map_err(|wrong| conflict(wrong, member))?;
        if act == Act::Write {
            ask.version = keeper.next();
        }
        let done = keeper.act(*number, act, &ask);
        drop(holder);
        let version = done.map_err(|wrong| conflict(wrong, member))?;
        self.replicate(step, (ask.row, version), member).await;
        Ok(member.tell(act, ask.row, (before, version)))
    }

    /// Sends what was written to those who follow, and waits for as many as there are to wait for.
    pub(super) async fn replicate(&self, step: u64, written: (u64, u64), member: &Member<'_>) {
        let draw =
            |follower| Draw::new(self.exchange.key, Purpose::Member(step, follower).tag(), 0);
        match member.keeper.replicate(member.sim, written, draw) {
            Some(due) => member.sim.sleep_until(due).await,
            None => std::future::pending().await,
        }
    }

    /// Asks every replica, and answers when enough have answered. What is asked of the others goes on.
    async fn coordinate(
        &self,
        step: u64,
        act: Act,
        endpoint: EndpointId,
        row: u64,
        member: &Member<'_>,
    ) -> Result<u64, Failure<ServiceError>> {
        let Keeping::Quorum { read, write } = member.keeper.plan.keeping else {
            unreachable!("only a quorum is coordinated")
        };
        let (enough, version) = match act {
            Act::Read => (read, 0),
            _ => (write, member.keeper.next()),
        };
        let mut asked: Vec<BoxFuture<Answer>> = Vec::with_capacity(member.members.len());
        for (number, route) in (0..).zip(&*member.members) {
            let purpose = Purpose::Member(step, number);
            let request = self.request(step, purpose, endpoint, act.is_safe());
            let request = request.asking(Ask::of(row, version));
            asked.push(Arc::clone(route).call(request));
        }
        let (mut newest, mut answers, mut wrong) = (0, 0, Kind::Unavailable);
        let answer = poll_fn(|context| {
            let mut at = 0;
            while at < asked.len() && answers < enough {
                match asked[at].poll_unpin(context) {
                    Poll::Pending => at += 1,
                    Poll::Ready(answer) => {
                        drop(asked.remove(at));
                        match answer {
                            Ok(content) => {
                                answers += 1;
                                newest = newest.max(content.version);
                            }
                            Err(failure) => wrong = ServiceError::kind_of(&failure),
                        }
                    }
                }
            }
            match answers >= enough {
                true => Poll::Ready(Ok(newest)),
                false if (asked.len() as u32) < enough - answers => Poll::Ready(Err(wrong)),
                false => Poll::Pending,
            }
        });
        let answer = answer.await;
        if !asked.is_empty() {
            (member.leave)(Box::pin(async move { drop(futures::future::join_all(asked).await) }));
        }
        answer.map_err(|kind| Failure::Service(ServiceError::new(kind)))
    }
}
