use std::fmt;
use std::ops::ControlFlow;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use cascadia_models::own::{Fault, Handed, Own, OwnParticipant};
use cascadia_patterns::saga::definition::Definition;
use cascadia_patterns::saga::participant::Effects;
use cascadia_reports::result::{RunResult, Verdict};
use cascadia_reports::summary::{self, Look};
use cascadia_scenarios::{Bill, Options, Problems, Registry, Source, Variant, load};

use crate::diagnose::{Format, render};
use crate::{RunError, simulate};

/// A valid scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    source: Source,
    options: Options,
    loaded: cascadia_scenarios::Scenario,
}

impl Scenario {
    /// Reads a scenario. `name` stands for it in diagnostics.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, at once.
    pub fn parse(name: &str, text: &str) -> Result<Self, Invalid> {
        Self::parse_with(Registry::default(), name, text)
    }

    /// Reads a scenario whatever it costs, as `--force` does.
    ///
    /// # Errors
    ///
    /// Everything else that is wrong with it, at once.
    pub fn forced(name: &str, text: &str) -> Result<Self, Invalid> {
        let source = Source { name: name.to_owned(), text: text.to_owned() };
        Self::load(source, Options { force: true, ..Options::default() })
    }

    /// Reads a scenario whose components are of the kinds of `registry`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, at once.
    pub fn parse_with(registry: Registry, name: &str, text: &str) -> Result<Self, Invalid> {
        let source = Source { name: name.to_owned(), text: text.to_owned() };
        Self::load(source, Options { registry, ..Options::default() })
    }

    /// The scenario with another variant of it in force.
    ///
    /// # Errors
    ///
    /// When there is no such variant or it is invalid.
    pub fn variant(&self, name: &str) -> Result<Self, Invalid> {
        let options = Options { variant: Some(name.to_owned()), ..self.options.clone() };
        Self::load(self.source.clone(), options)
    }

    /// The names of its variants.
    pub fn variants(&self) -> impl Iterator<Item = &str> {
        self.loaded.variants.iter().map(|variant| variant.name.as_str())
    }

    /// Whether this is a variant whose checks are meant to fail.
    pub fn is_expected_to_fail(&self) -> bool {
        let named = |variant: &&Variant| self.loaded.variant.as_ref() == Some(&variant.name);
        self.loaded.variants.iter().find(named).is_some_and(|variant| variant.expect_fail)
    }

    /// The scenario with one value changed. `path` reads as in `--set`, such as
    /// `load.users.open.poisson`; `value` is JSON, or else a string.
    ///
    /// # Errors
    ///
    /// When the path leads nowhere or the changed scenario is invalid.
    pub fn set(&self, path: &str, value: impl fmt::Display) -> Result<Self, Invalid> {
        let mut options = self.options.clone();
        options.sets.push(format!("{path}={value}"));
        Self::load(self.source.clone(), options)
    }

    /// The scenario with a consumer of one's own: what `service` consumes is done by this code instead of by the steps of
    /// the file, which it may have [done](Handed::work). It runs on the virtual clock, behind the client that runs in
    /// production, so what it returns is acknowledged, tried again, put off, or dead, as the file says.
    ///
    /// ```
    /// use cascadia::{Fault, Handed, Scenario};
    ///
    /// let shop = Scenario::parse("shop.json", r#"{
    ///   "version": 1, "name": "shop", "run": { "duration": "20s" },
    ///   "services": {
    ///     "shop": { "endpoints": { "order": [ { "publish": "bus.orders" } ] } },
    ///     "inventory": { "consume": { "bus.orders": { "do": [ { "call": "stock.take", "policy": "patient" } ] } } },
    ///     "stock": { "endpoints": { "take": [ { "compute": "2ms" }, { "fail": "20%" } ] } } },
    ///   "policies": { "patient": [ { "timeout": "100ms" } ] },
    ///   "brokers": { "bus": { "topics": { "orders": {} } } },
    ///   "load": { "users": { "target": "shop.order", "open": { "constant": "50/s" }, "until": "15s" } },
    ///   "checks": { "bus.orders inventory": [ "dead > 20", "lost == 0" ] }
    /// }"#).unwrap();
    /// let shop = shop.consumer("inventory", |message: Handed| async move {
    ///     if message.about % 10 == 0 {
    ///         return Err(Fault::poison("nobody sells that"));
    ///     }
    ///     message.work().await                     // calls the stock, and fails when that does
    /// }).unwrap();
    /// assert!(shop.run(1).unwrap().passed());
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such service, or it consumes nothing.
    pub fn consumer<W>(
        &self,
        service: &str,
        handle: impl Fn(Handed) -> W + Send + Sync + UnwindSafe + RefUnwindSafe + 'static,
    ) -> Result<Self, Invalid>
    where
        W: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        let mut options = self.options.clone();
        options.consumers.insert(service.to_owned(), Own::new(handle));
        Self::load(self.source.clone(), options)
    }

    /// The scenario with a saga of one's own: the sagas of this name go by this definition, by the orchestrators of the file. That says of
    /// each step, by its name, who does and undoes it, what it locks, and what it waits for.
    ///
    /// With a [participant](Self::participant) of one's own, the code of both sides is what runs in production.
    ///
    /// ```
    /// use cascadia::Scenario;
    /// use cascadia::saga::Direction;
    /// use cascadia::saga::definition::{Step, Steps};
    /// use cascadia::saga::participant::Turn;
    ///
    /// let shop = Scenario::parse("shop.json", r#"{
    ///   "version": 1, "name": "shop", "run": { "duration": "60s" },
    ///   "services": {
    ///     "inventory": { "endpoints": { "reserve": { "once": true, "steps": [ { "compute": "5ms" } ] },
    ///                                   "release": { "once": true, "steps": [ { "compute": "5ms" } ] } } },
    ///     "payment": { "endpoints": { "charge": { "once": true, "steps": [ { "fail": "20%", "status": 402 } ] } } } },
    ///   "sagas": { "order": { "places": 2, "lease": "3s", "skew": "100ms", "steps": [
    ///     { "name": "reserve", "call": "inventory.reserve", "undo": "inventory.release" },
    ///     { "name": "charge", "call": "payment.charge", "pivot": true } ] } },
    ///   "links": { "default": { "latency": "1ms", "loss": "1%" } },
    ///   "load": { "users": { "target": "order", "open": { "constant": "10/s" }, "until": "30s" } },
    ///   "faults": [ { "at": "5s", "for": "5s", "crash": { "target": "order/0" } } ],
    ///   "checks": { "order sagas": [ "completed == 100", "orphans == 0", "stuck == 0" ] }
    /// }"#).unwrap();
    /// let order = Steps::new("checkout", 3)
    ///     .then(Step { timeout: std::time::Duration::from_secs(1), ..Step::compensatable("reserve", "inventory") })
    ///     .then(Step::pivot("charge", "payment"));
    /// let shop = shop.saga("order", order.build().unwrap()).unwrap();
    /// let shop = shop.participant("inventory", |mut turn: Turn| async move {
    ///     let books = turn.transaction.get("books").await?.map_or(100, |row| row[0]);
    ///     match turn.direction() {
    ///         Direction::Do if books == 0 => return Ok(turn.refuse("sold out", "")),
    ///         Direction::Do => turn.transaction.put("books", [books - 1]),
    ///         _ => turn.transaction.put("books", [books + 1]),
    ///     }
    ///     Ok(turn.done("one"))
    /// }).unwrap();
    /// let run = shop.run(1).unwrap();
    /// assert!(run.passed(), "{run}");          // a hundred books are sold, whatever is lost or dies
    /// ```
    ///
    /// # Errors
    ///
    /// When no orchestrator drives sagas of this name, or a step is not so in the file.
    pub fn saga(&self, name: &str, definition: Arc<Definition>) -> Result<Self, Invalid> {
        let mut options = self.options.clone();
        options.sagas.insert(name.to_owned(), definition);
        Self::load(self.source.clone(), options)
    }

    /// The scenario with a participant of one's own: when the steps of the file are done that `service` does `once` for a saga, this
    /// code is handed the turn that it is handed in production, with the transaction for what it does, and says what has become of it. Its
    /// rows are those of the service, whoever of its replicas dies. There is an example at [`saga`](Self::saga). It takes part in sagas
    /// that are driven or go by events.
    ///
    /// # Errors
    ///
    /// When there is no such service, or it does nothing once.
    pub fn participant(
        &self,
        service: &str,
        effects: impl Effects + UnwindSafe + RefUnwindSafe,
    ) -> Result<Self, Invalid> {
        let mut options = self.options.clone();
        options.participants.insert(service.to_owned(), OwnParticipant::new(effects));
        Self::load(self.source.clone(), options)
    }

    fn load(source: Source, options: Options) -> Result<Self, Invalid> {
        let loaded = load(source.clone(), &options).map_err(Invalid)?;
        Ok(Self { source, options, loaded })
    }

    /// What a run of it is expected to cost.
    pub const fn bill(&self) -> &Bill {
        &self.loaded.bill
    }

    /// Simulates the scenario. The same seed gives the same result, bit for bit.
    ///
    /// # Errors
    ///
    /// When time cannot move on, as with clients that neither think nor wait, or when more and more
    /// requests are under way, until there is no room for them.
    pub fn run(&self, seed: u64) -> Result<Run, RunError> {
        let reproduce = format!("Scenario::run({seed})");
        let mut watch = |_| ControlFlow::Continue(());
        let run = simulate::run(&self.loaded, seed, reproduce, &mut watch)?.whole()?;
        Ok(Run(run.result))
    }

    /// Simulates the scenario as [`run`](Self::run) does, and once more to follow what a few of its requests go through:
    /// [`exemplars`](RunResult::exemplars) of the result.
    ///
    /// # Errors
    ///
    /// As those of [`run`](Self::run), and when the second run is another one than the first.
    pub fn traced(&self, seed: u64) -> Result<Run, RunError> {
        let reproduce = format!("Scenario::traced({seed})");
        let mut watch = |_| ControlFlow::Continue(());
        let run = simulate::run(&self.loaded, seed, reproduce, &mut watch)?.whole()?;
        Ok(Run(simulate::in_full(&self.loaded, run, true, &mut watch)?))
    }
}

/// A finished run. It displays as the summary of the command line.
#[derive(Clone, Debug)]
pub struct Run(RunResult);

impl Run {
    /// Whether every check and every invariant holds.
    pub fn passed(&self) -> bool {
        self.0.verdict == Verdict::Passed
    }

    /// Everything that was measured.
    pub const fn result(&self) -> &RunResult {
        &self.0
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&summary::run(&self.0, Look { color: false, unicode: true }, None))
    }
}

/// A scenario is invalid. It displays as the diagnostics of the command line.
pub struct Invalid(Problems);

impl Invalid {
    /// The code of every diagnostic, such as `S014`.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.diagnostics.iter().map(|one| one.code)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let look = Look { color: false, unicode: true };
        f.write_str(&render(std::slice::from_ref(&self.0), Format::Text, look))
    }
}

impl fmt::Debug for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Invalid {}
