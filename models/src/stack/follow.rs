//! Balancers follow who belongs to the group that they choose among.

use std::fmt;
use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Status};
use cascadia_patterns::endpoints::SetChange;
use cascadia_runtime::Time;

use super::Builder;
use crate::component::{Change, Watcher};
use crate::exchange::{Answer, Content, Request, Route, ServiceError};
use crate::ids::ServiceId;
use crate::layers::{Balancer, joins};

/// A way through a balancer that hears of every change of its group.
struct Following {
    way: Route,
    /// It is told for as long as it is kept.
    _watcher: Arc<Watcher>,
}

impl Builder {
    /// The `way` through `balancer`, which learns who joins and leaves `target` from now on.
    pub(super) fn follow(&self, target: ServiceId, balancer: &Arc<Balancer>, way: Route) -> Route {
        let (builder, balancer) = (self.clone(), Arc::downgrade(balancer));
        let watcher: Arc<Watcher> = Arc::new(move |change| {
            let Some(balancer) = balancer.upgrade() else { return };
            balancer.change(match change {
                Change::Joined(member) => joins(member.instance, builder.endpoint(member.instance)),
                Change::Left(member) => SetChange::Leave(member.instance.key()),
            });
        });
        self.world.directory.watch(target, Arc::downgrade(&watcher));
        Arc::new(Following { way, _watcher: watcher })
    }
}

impl Call<Request, Content, ServiceError> for Following {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        Arc::clone(&self.way).call(request)
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        Some(&*self.way)
    }

    fn status(&self, now: Time) -> Status {
        self.way.status(now)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.way.show(f)
    }
}
