//! A component in few words.

use std::sync::Arc;

use cascadia_models::component::{Build, Component, Envelope, Life, Place, Row};
use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::Runtime as _;

/// Code that runs at a place in each of its lives.
#[derive(Clone, Debug)]
pub(crate) struct Code<T>(pub(crate) fn(Life, T) -> BoxFuture<()>, pub(crate) T);

impl<T: Clone + Send + Sync + 'static> Component for Code<T> {
    fn boot(self: Arc<Self>, life: Life) {
        let Self(code, with) = &*self;
        life.host().spawn(code(life.clone(), with.clone()));
    }

    fn receive(self: Arc<Self>, _: Envelope) {}
}

impl<T> Build for Code<T>
where
    T: Clone + std::fmt::Debug + Send + Sync + 'static,
    Self: std::panic::UnwindSafe + std::panic::RefUnwindSafe,
{
    fn rows(&self) -> &'static [Row] {
        &[]
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(self.clone())
    }
}

/// Code that keeps something on the disk of its place.
#[derive(Clone, Debug)]
pub(crate) struct Keeper<C>(pub(crate) C);

impl<C: Build> Build for Keeper<C> {
    fn keeps(&self) -> bool {
        true
    }

    fn rows(&self) -> &'static [Row] {
        self.0.rows()
    }

    fn build(&self, place: &Arc<Place>) -> Arc<dyn Component> {
        self.0.build(place)
    }
}
