//! What the tests of all layers share: a scripted server and an observer that remembers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Ended, Runtime, Stream, Time, TokioWorld, Wall};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;

use crate::call::{Baggage, BoxFuture, Call, Context, Failure, Outcome};
use crate::endpoints::EndpointKey;
use crate::env::Env;
use crate::observe::{Observe, Signal};
use crate::sync::lock;

pub(crate) type TestEnv = Env<TestWorld, u32, &'static str>;
pub(crate) type TestCall = Arc<dyn Call<Context, u32, &'static str>>;
pub(crate) type TestOutcome = Outcome<u32, &'static str>;

/// How the server treats a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Ok,
    Fail,
    Hang,
    Panic,
    OkAfter(Duration),
}

/// Works through a script, the last step of which repeats.
pub(crate) struct Server {
    world: TestWorld,
    script: Mutex<VecDeque<Step>>,
    seen: Mutex<Vec<Context>>,
    in_flight: Gauge,
}

impl Server {
    pub(crate) fn new(world: TestWorld, script: &[Step]) -> Arc<Self> {
        let script = Mutex::new(script.iter().copied().collect());
        Arc::new(Self { world, script, seen: Mutex::default(), in_flight: Gauge::default() })
    }

    pub(crate) fn seen(&self) -> Vec<Context> {
        lock(&self.seen).clone()
    }

    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight.now()
    }

    /// From now on it treats every call like this.
    pub(crate) fn becomes(&self, step: Step) {
        *lock(&self.script) = [step].into();
    }

    fn step(&self) -> Step {
        let mut script = lock(&self.script);
        if script.len() > 1 { script.pop_front().unwrap() } else { script[0] }
    }
}

impl Call<Context, u32, &'static str> for Server {
    fn call(self: Arc<Self>, request: Context) -> BoxFuture<TestOutcome> {
        Box::pin(async move {
            lock(&self.seen).push(request);
            let _inside = self.in_flight.enter();
            match self.step() {
                Step::Ok => Ok(7),
                Step::Fail => Err(Failure::Service("down")),
                Step::Hang => std::future::pending().await,
                Step::Panic => std::panic::resume_unwind(Box::new("planted")),
                Step::OkAfter(delay) => {
                    self.world.sleep(delay).await;
                    Ok(7)
                }
            }
        })
    }

    fn inner(&self) -> Option<&dyn Call<Context, u32, &'static str>> {
        None
    }
}

/// How many are inside, how many there were at most, and how many came.
#[derive(Default)]
pub(crate) struct Gauge(Mutex<(u32, u32, u32)>);

impl Gauge {
    pub(crate) fn enter(&self) -> impl Sized + '_ {
        let (now, most, entered) = &mut *lock(&self.0);
        *now += 1;
        *most = *now.max(most);
        *entered += 1;
        Inside(self)
    }

    pub(crate) fn now(&self) -> u32 {
        lock(&self.0).0
    }

    pub(crate) fn most(&self) -> u32 {
        lock(&self.0).1
    }

    pub(crate) fn entered(&self) -> u32 {
        lock(&self.0).2
    }
}

struct Inside<'a>(&'a Gauge);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        lock(&self.0.0).0 -= 1;
    }
}

/// Remembers every signal.
#[derive(Default)]
pub(crate) struct Recorder(Mutex<Vec<(Time, String)>>);

impl Recorder {
    pub(crate) fn signals(&self) -> Vec<String> {
        lock(&self.0).iter().map(|(_, signal)| signal.clone()).collect()
    }

    pub(crate) fn times(&self) -> Vec<Time> {
        lock(&self.0).iter().map(|(now, _)| *now).collect()
    }
}

impl Observe for Recorder {
    fn signal(&self, now: Time, signal: &Signal<'_>) {
        lock(&self.0).push((now, format!("{signal:?}")));
    }
}

/// The time of tokio, from when it is made on. Nobody may ask for its wall clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestWorld {
    tokio: TokioWorld,
    began: Time,
}

impl TestWorld {
    pub(crate) fn new() -> Self {
        let tokio = TokioWorld::new();
        Self { tokio, began: tokio.now() }
    }
}

impl Runtime for TestWorld {
    type Sleep = <TokioWorld as Runtime>::Sleep;
    type Task = <TokioWorld as Runtime>::Task;

    fn now(&self) -> Time {
        Time::ZERO + self.tokio.now().since(self.began)
    }

    fn wall(&self) -> Wall {
        panic!("asked for the wall clock")
    }

    fn sleep_until(&self, at: Time) -> Self::Sleep {
        self.tokio.sleep_until(self.began + at.since(Time::ZERO))
    }

    fn deadline(&self, at: Time) -> Self::Sleep {
        self.sleep_until(at)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Self::Task {
        self.tokio.spawn(task)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Ended> {
        Ok(work())
    }
}

pub(crate) fn env(world: TestWorld, observe: &Arc<Recorder>) -> TestEnv {
    let observe = Arc::clone(observe) as Arc<dyn Observe>;
    Env { observe, ..Env::new(world, Stream::from_seed(1)) }
}

/// The end of a task. One that waits for ever fails and does not hold up all the others.
pub(crate) async fn end<T>(task: JoinHandle<T>) -> Result<T, JoinError> {
    timeout(Duration::from_secs(3_600), task).await.expect("it ends within an hour")
}

pub(crate) fn safe() -> Context {
    Context::new(Baggage { safe: true, ..Baggage::default() })
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The endpoint of that number.
pub(crate) const fn key(number: u64) -> EndpointKey {
    EndpointKey::new(number)
}

pub(crate) fn at(millis: u64) -> Time {
    Time::ZERO + ms(millis)
}
