//! A case and the world that it runs in.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::Wake;
use std::time::Duration;

use cascadia_patterns::call::{Call, Context, Outcome};
use cascadia_patterns::env::Env;
use cascadia_patterns::observe::{Observe, Signal};
use cascadia_runtime::{Runtime, Stream, Task, Time, TokioWorld};
use cascadia_sim_core::{Sim, Simulation};

pub(crate) type Route = Arc<dyn Call<Context, u32, &'static str>>;
pub(crate) type Answer = Outcome<u32, &'static str>;

/// A world under test, and what it promises.
#[derive(Clone)]
pub(crate) struct Bench<R> {
    pub(crate) world: R,
    /// Times are exact, not lower bounds.
    pub(crate) exact: bool,
    /// What happens in one instant happens in a certain order.
    pub(crate) ordered: bool,
}

/// Orders of what is ready at once that are tried.
const ORDERS: u64 = 10;

/// Runs a case on tokio, in real time.
pub(crate) fn on_tokio<F>(case: impl FnOnce(Bench<TokioWorld>) -> F)
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        case(Bench { world: TokioWorld::new(), exact: false, ordered: false }).await;
    });
}

/// Runs a case in the simulation: in the order of the engine, if it has one, and in some others.
pub(crate) fn in_simulation<F>(case: impl Fn(Bench<Sim>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let run = |mut simulation: Simulation, ordered| {
        let bench = Bench { world: simulation.sim(), exact: true, ordered };
        simulation.block_on(case(bench)).unwrap_or_else(|error| panic!("{error}"));
    };
    run(Simulation::new(1), cfg!(not(madsim)));
    (1..=ORDERS).for_each(|order| run(Simulation::new(1).shuffled(order), false));
}

impl<R: Runtime> Bench<R> {
    /// Checks that it took `expected` since `began`.
    #[track_caller]
    pub(crate) fn took(&self, began: Time, expected: Duration) {
        let took = self.world.now().since(began);
        assert!(took == expected || took > expected && !self.exact, "{took:?}, not {expected:?}");
    }

    /// Lets everything that is ready go as far as it can. In real time nothing more may be
    /// concluded from it: the machine may rest for longer than any wait of a case.
    pub(crate) async fn settle(&self) {
        self.world.sleep(ms(1)).await;
    }

    /// Runs `task` beside the case, whatever becomes of it.
    pub(crate) fn detach(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.world.spawn(task));
    }

    /// What a layer is built with.
    pub(crate) fn env(&self, seen: &Arc<Recorder>) -> Env<R, u32, &'static str> {
        let observe = Arc::clone(seen) as Arc<dyn Observe>;
        Env { observe, ..Env::new(self.world.clone(), Stream::from_seed(1)) }
    }

    /// Begins a call beside the case.
    pub(crate) fn start(&self, route: &Route, request: Context) -> Started<R> {
        let answer = Arc::new(Mutex::new(None));
        let (call, place) = (Arc::clone(route).call(request), Arc::clone(&answer));
        let task = self.world.spawn(async move {
            let answer = call.await;
            *place.lock().unwrap() = Some(answer);
        });
        Started { task, answer }
    }
}

/// A call that runs beside the case.
pub(crate) struct Started<R: Runtime> {
    task: R::Task,
    answer: Arc<Mutex<Option<Answer>>>,
}

impl<R: Runtime> Started<R> {
    /// Waits for its end.
    pub(crate) async fn answer(self) -> Answer {
        assert_eq!(self.task.await, Ok(()));
        self.answer.lock().unwrap().take().unwrap()
    }

    /// Drops it where it stands.
    pub(crate) fn abort(&self) {
        self.task.abort();
    }
}

/// Remembers what layers report.
#[derive(Default)]
pub(crate) struct Recorder(Mutex<Vec<String>>);

impl Recorder {
    pub(crate) fn signals(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Observe for Recorder {
    fn signal(&self, _: Time, signal: &Signal<'_>) {
        self.0.lock().unwrap().push(format!("{signal:?}"));
    }
}

/// Notes of what happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u32>>>);

impl Log {
    pub(crate) fn note(&self, what: u32) {
        self.0.lock().unwrap().push(what);
    }

    pub(crate) fn notes(&self) -> Vec<u32> {
        self.0.lock().unwrap().clone()
    }
}

/// Notes its drop.
pub(crate) struct OnDrop(pub(crate) Log, pub(crate) u32);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.note(self.1);
    }
}

/// Notes every wake.
impl Wake for Log {
    fn wake(self: Arc<Self>) {
        self.note(0);
    }
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Longer than any case.
pub(crate) const LONG: Duration = Duration::from_secs(60);
