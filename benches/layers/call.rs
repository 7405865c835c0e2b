//! How calls are made and timed, the same for all.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cascadia_patterns::call::{Baggage, BoxFuture, Context};
use tokio::runtime::{Builder, Runtime};
use tower::{Service, ServiceExt, service_fn};

/// Makes so many calls and says how long they took.
pub(crate) type Timed = Box<dyn FnMut(u64) -> Duration>;

/// Longer than any run.
pub(crate) const LONG: Duration = Duration::from_secs(3_600);
/// More calls than are ever under way.
pub(crate) const MANY: u32 = 1_000;
/// More calls than are made in a second.
pub(crate) const PLENTY: u32 = 1_000_000_000;

/// Times calls of the service that `make` makes, on a runtime of its own.
pub(crate) fn timed<S>(make: impl FnOnce() -> S) -> Option<Timed>
where
    S: Service<Context, Response = u32> + 'static,
{
    let runtime = runtime();
    let mut service = runtime.block_on(async { make() });
    Some(Box::new(move |calls| runtime.block_on(run(&mut service, calls))))
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().expect("a runtime is made")
}

async fn run<S: Service<Context, Response = u32>>(service: &mut S, calls: u64) -> Duration {
    let began = Instant::now();
    for _ in 0..calls {
        let request = Context::new(Baggage { safe: true, ..Baggage::default() });
        let Ok(ready) = service.ready().await else { panic!("the service is never ready") };
        let Ok(answer) = ready.call(black_box(request)).await else { panic!("the call failed") };
        black_box(answer);
    }
    began.elapsed()
}

type Answer = Result<u32, &'static str>;

/// What the server does. It has its request until it is done, as any server has.
pub(crate) async fn answer<E>(request: Context) -> Result<u32, E> {
    black_box(&request);
    Ok(7)
}

/// The server, for those who put tower's services around it.
pub(crate) fn server()
-> impl Service<Context, Response = u32, Error = &'static str, Future = BoxFuture<Answer>> + Clone + Send
{
    service_fn(|request| -> BoxFuture<Answer> { Box::pin(answer(request)) })
}
