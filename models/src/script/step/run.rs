use cascadia_patterns::call::Failure;

use super::op::Op;
use crate::exchange::{Answer, Content, ServiceError};
use crate::script::parallel::{Branch, all};
use crate::script::task::Task;

/// Does steps one after the other, as long as none fails or says what the answer is. All but work, calls and messages
/// are boxed: a worker's task is no larger than these need.
pub(in crate::script) async fn run(ops: &[Op], task: &Task<'_>) -> Answer {
    let mut content = Content::default();
    for op in ops {
        match op {
            Op::Compute { step, law } => task.work(*step, law).await,
            Op::Call { step, site, endpoint, safe } => {
                let answer = task.call(*step, *site, *endpoint, *safe).await;
                content = content.with(task.told(*site, answer)?);
            }
            Op::Parallel(branches) => {
                let branches = branches.iter().map(|ops| boxed(ops, task));
                content = content.then(all(branches).await?);
            }
            Op::Fail { step, share, error } if task.draw(*step).unit() < *share => {
                return Err(Failure::Service(*error));
            }
            Op::Answer { step, share, kind } if task.draw(*step).unit() < *share => {
                content.kind = Some(*kind);
            }
            Op::Fail { .. } | Op::Answer { .. } => {}
            Op::Choose { step, ways, by } => {
                let drawn = task.draw_by(*by, *step).unit();
                let way = ways.iter().find(|(limit, _)| drawn < *limit).or_else(|| ways.last());
                if let Some((_, ops)) = way {
                    content = content.then(boxed(ops, task).await?);
                }
            }
            Op::Repeat { step, times, steps } => {
                for turn in 0..times.sample(&mut task.draw(*step)) {
                    content = content.then(boxed(steps, &task.again(*step, turn)).await?);
                    if content.kind.is_some() {
                        break;
                    }
                }
            }
            Op::Access { step, site, endpoint, asked } => {
                let answer = Box::pin(task.access(*step, *site, *endpoint, asked)).await;
                content = content.with(task.told(*site, answer)?);
            }
            Op::Publish { step, site } => task.publish(*step, *site).await?,
            Op::Request { step, site, timeout } => {
                let answer = task.ask(*step, *site, *timeout).await;
                content = content.with(own(answer)?);
            }
            Op::Enter(entry) => task.enter(*entry)?,
            Op::Keep { step, act, role, access } => {
                let kept = Box::pin(task.keep(*step, (*act, *role), access)).await?;
                content = Content { version: kept.version, ..content.with(kept) };
            }
        }
        if content.kind.is_some() {
            break;
        }
    }
    Ok(content)
}

/// No reply has come from who was asked by a message.
fn own(answer: Answer) -> Answer {
    answer.map_err(|failure| Failure::Service(ServiceError::behind(&failure, None)))
}

fn boxed<'a>(ops: &'a [Op], task: &'a Task<'a>) -> Branch<'a> {
    Box::pin(run(ops, task))
}
