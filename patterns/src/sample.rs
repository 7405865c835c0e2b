//! Layers ready to be tried: what tests and measurements of all layers build.
//!
//! Each policy says in its own folder how it is tried, and [`samples`](crate::samples) gathers them.

use std::sync::Arc;

use cascadia_runtime::{Runtime, Stream};

use crate::call::{Call, Context, Kinds, Layer, Reason};
use crate::env::Env;

/// Something that can be called.
pub type Route = Arc<dyn Call<Context, u32, &'static str>>;

/// Puts a layer around a call, in a world.
pub type Build<R> = fn(&R, Route) -> Route;

/// Puts a layer that watches its server around a call.
pub type Watch<R> = fn(&R, Route, Watching) -> Route;

/// What a layer that watches its server counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watching {
    /// Also what tells of the caller.
    pub count_local: bool,
    /// Which kinds of failures.
    pub kinds: Kinds,
}

impl Watching {
    pub(crate) fn env<R: Runtime>(self, world: &R) -> Env<R, u32, &'static str> {
        let env = env(world);
        Env { classify: self.kinds.around(env.classify), ..env }
    }
}

/// What a server does with every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It answers at once.
    Ok,
    /// It fails at once.
    Fail,
    /// It never answers.
    Hang,
}

/// A layer with settings that bring out what it does, and with its usual ones.
#[derive(Debug)]
pub struct Sample<R> {
    /// What it is called; no other sample is.
    pub name: &'static str,
    /// With room for one call, so that a permit that is lost is missed, and short waits.
    pub tight: Build<R>,
    /// With its usual settings, which are in the way of no single call.
    pub usual: Build<R>,
    /// What the tight one is printed as: its type, a setting, and some of its state where it has
    /// any.
    pub shown: [&'static str; 3],
    /// What a server does that makes the tight one refuse one of so many calls, and who refuses, and
    /// why.
    pub refuses: Option<(Doing, usize, Layer, Reason)>,
    /// It judges its server by what becomes of calls.
    pub watches: Option<Watch<R>>,
    /// It counts the calls that it lets in, whatever becomes of them.
    pub counts_calls: bool,
    /// The calls that it makes of one, at most.
    pub most: u32,
}

impl<R> Sample<R> {
    /// One that does nothing of what only some do.
    pub const PLAIN: Self = Self {
        name: "",
        tight: |_, inner| inner,
        usual: |_, inner| inner,
        shown: [""; 3],
        refuses: None,
        watches: None,
        counts_calls: false,
        most: 1,
    };

    /// One whose usual settings bring out what it does.
    pub fn alike(build: Build<R>) -> Self {
        Self { tight: build, usual: build, ..Self::PLAIN }
    }
}

/// What a sample is built with.
pub(crate) fn env<R: Runtime>(world: &R) -> Env<R, u32, &'static str> {
    let env = Env::new(world.clone(), Stream::from_seed(1));
    #[cfg(test)]
    let env = crate::layer_tests::planted(env);
    env
}

/// What the sample of a fallback answers.
pub(crate) const FALLEN: u32 = 1;
