use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use cascadia_patterns::call::{Baggage, Context, Failure, Outcome};
use tokio::task::JoinSet;

use crate::{Answer, Get, Route, Unreachable};

/// An open load: so many requests a second, whatever becomes of them.
#[derive(Clone, Copy)]
pub struct Load {
    /// Requests a second.
    pub rate: u32,
    /// How long they come.
    pub duration: Duration,
}

/// How the requests ended.
#[derive(Default)]
pub struct Report {
    ok: usize,
    failed: usize,
    timed_out: usize,
    rejected: usize,
    /// Of the requests that ended in success.
    latencies: Vec<Duration>,
    /// The time that unsuccessful requests took.
    lost: Duration,
}

impl Load {
    /// How many requests that are.
    pub fn count(self) -> u32 {
        (self.duration.as_secs_f64() * f64::from(self.rate)) as u32
    }

    /// Sends all requests through `route` and waits for their ends.
    pub async fn run(self, route: &Route) -> Report {
        let began = tokio::time::Instant::now();
        let mut requests = JoinSet::new();
        for number in 0..self.count() {
            let due = began + Duration::from_secs(1) * number / self.rate;
            tokio::time::sleep_until(due).await;
            let route = Arc::clone(route);
            requests.spawn(async move {
                let began = Instant::now();
                let context = Context::new(Baggage { safe: true, ..Baggage::default() });
                let outcome = route.call(Get { context }).await;
                (outcome, began.elapsed())
            });
        }
        let mut report = Report::default();
        for (outcome, took) in requests.join_all().await {
            report.add(&outcome, took);
        }
        report.latencies.sort();
        report
    }
}

/// The names of the columns of a report.
pub fn heading() -> String {
    format!(
        "{:30}{:>7}{:>8}{:>11}{:>10}{:>11}{:>11}{:>14}",
        "", "ok", "failed", "timed out", "rejected", "p50 of ok", "p99 of ok", "mean of rest"
    )
}

impl Report {
    fn add(&mut self, outcome: &Outcome<Answer, Unreachable>, took: Duration) {
        let count = match outcome {
            Ok(answer) if answer.status.is_success() => {
                self.latencies.push(took);
                self.ok += 1;
                return;
            }
            Ok(answer) => match answer.status {
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                    &mut self.rejected
                }
                StatusCode::GATEWAY_TIMEOUT => &mut self.timed_out,
                _ => &mut self.failed,
            },
            Err(Failure::Service(Unreachable)) => &mut self.failed,
            Err(Failure::TimedOut(_)) => &mut self.timed_out,
            Err(Failure::Rejected(_)) => &mut self.rejected,
        };
        *count += 1;
        self.lost += took;
    }

    /// A line of the table.
    pub fn line(&self, name: &str) -> String {
        let Self { ok, failed, timed_out, rejected, .. } = self;
        let rest = failed + timed_out + rejected;
        let mean = if rest > 0 { milliseconds(self.lost / rest as u32) } else { "-".to_owned() };
        let (p50, p99) = (self.quantile(0.5), self.quantile(0.99));
        format!(
            "{name:30}{ok:>7}{failed:>8}{timed_out:>11}{rejected:>10}{p50:>11}{p99:>11}{mean:>14}"
        )
    }

    fn quantile(&self, share: f64) -> String {
        let index = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(index).map_or_else(|| "-".to_owned(), |took| milliseconds(*took))
    }
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}
