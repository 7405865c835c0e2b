//! A server that does as it is told.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_patterns::call::{Baggage, BoxFuture, Call, Context, Failure};
use cascadia_runtime::Runtime;

use super::bench::{Answer, Bench};

/// How the server treats a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Ok,
    Fail,
    Hang,
    OkAfter(Duration),
}

pub(crate) const OK: Answer = Ok(7);
pub(crate) const DOWN: Answer = Err(Failure::Service("down"));

/// Works through a script, the last step of which repeats.
pub(crate) struct Server<R> {
    world: R,
    script: Mutex<VecDeque<Step>>,
    seen: Mutex<Vec<Context>>,
    in_flight: AtomicU32,
}

impl<R: Runtime> Server<R> {
    pub(crate) fn new(bench: &Bench<R>, script: &[Step]) -> Arc<Self> {
        Arc::new(Self {
            world: bench.world.clone(),
            script: Mutex::new(script.iter().copied().collect()),
            seen: Mutex::default(),
            in_flight: AtomicU32::new(0),
        })
    }

    /// Every request that came.
    pub(crate) fn seen(&self) -> Vec<Context> {
        self.seen.lock().unwrap().clone()
    }

    /// Works from now on, whatever the script says.
    pub(crate) fn recovers(&self) {
        *self.script.lock().unwrap() = [Step::Ok].into();
    }

    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }

    fn step(&self) -> Step {
        let mut script = self.script.lock().unwrap();
        if script.len() > 1 { script.pop_front().unwrap() } else { script[0] }
    }
}

impl<R: Runtime> Call<Context, u32, &'static str> for Server<R> {
    fn call(self: Arc<Self>, request: Context) -> BoxFuture<Answer> {
        Box::pin(async move {
            self.seen.lock().unwrap().push(request);
            self.in_flight.fetch_add(1, Ordering::Relaxed);
            let _gauge = Gauge(&self.in_flight);
            match self.step() {
                Step::Ok => OK,
                Step::Fail => DOWN,
                Step::Hang => pending().await,
                Step::OkAfter(delay) => {
                    self.world.sleep(delay).await;
                    OK
                }
            }
        })
    }

    fn inner(&self) -> Option<&dyn Call<Context, u32, &'static str>> {
        None
    }
}

struct Gauge<'a>(&'a AtomicU32);

impl Drop for Gauge<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A request that may be sent twice.
pub(crate) fn safe() -> Context {
    Context::new(Baggage { safe: true, ..Baggage::default() })
}
