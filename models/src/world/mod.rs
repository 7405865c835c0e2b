//! What the parts of a world share.

mod directory;
mod event;
mod look;
mod machines;
mod resident;

use std::any::Any;
use std::cell::RefMut;
use std::sync::Arc;

use cascadia_patterns::call::Failure;
use cascadia_patterns::store::{MemoryStore, Store};
use cascadia_runtime::{Runtime as _, Time};
use cascadia_sim_core::{Event, Local, Sim};

use self::directory::Directory;
use crate::blame::{Blame, BlameId, Book, News};
use crate::capture::{Capture, Recorder};
use crate::exchange::{Deed, Origin, Request, ServiceError};
use crate::ids::{LoadId, PlaceId, ServiceId};
use crate::ledgers::Ledgers;
use crate::measure::{Count, Lanes, LoadMeter, Policies, Windows};
use crate::names::Names;
use crate::network::{Fabric, Party};
use crate::plan::{Plan, ServicePlan, Subject};
use crate::trace::Tracer;
use crate::tries::Tries;

pub(crate) use self::event::EventKind;
pub(crate) use self::look::Look;
pub(crate) use self::machines::Machines;
pub(crate) use self::resident::Resident;

/// How many changes of a table are kept for those who follow it, who look again where some are missing.
const CHANGES: u64 = 100;

/// What all parts of a run have in common.
pub(crate) struct World {
    pub(crate) sim: Sim,
    pub(crate) plan: Arc<Plan>,
    pub(crate) names: Names,
    pub(crate) network: Arc<Fabric>,
    pub(crate) machines: Arc<Machines>,
    pub(crate) directory: Directory,
    pub(crate) lanes: Local<Lanes>,
    pub(crate) policies: Local<Policies>,
    pub(crate) loads: Vec<Local<LoadMeter>>,
    /// What each service keeps beside its rows.
    tables: Vec<Arc<dyn Store>>,
    pub(crate) ledgers: Arc<Ledgers>,
    blames: Local<Book>,
    /// What the members of each group of components have in common.
    commons: Vec<Arc<dyn Any + Send + Sync>>,
    /// Where it is kept what is on the wire, if somebody wants to know.
    capture: Option<(Vec<ServiceId>, Local<Recorder>)>,
    /// Who follows requests, if somebody wants to know.
    pub(crate) tracer: Option<Arc<Tracer>>,
}

impl World {
    pub(crate) fn new(sim: Sim, plan: Arc<Plan>, look: Look<'_>) -> Arc<Self> {
        let windows = Windows::new(plan.warmup, plan.duration);
        let policies = Local::new(Policies::new(windows, &plan.probes));
        let loads = (0..plan.loads.len() as u32).map(|index| meter(&plan, LoadId(index)));
        let network = Arc::new(Fabric::new(plan.links.clone()));
        let commons: Vec<_> = plan.components.iter().map(|group| group.build.common()).collect();
        let table = |_: &ServicePlan| Arc::new(MemoryStore::keeping(CHANGES)) as Arc<dyn Store>;
        let tables = plan.services.iter().map(table).collect();
        let (suspect, wanted) = match look {
            Look::Nowhere => (None, None),
            Look::Message(suspect) => (Some(suspect), None),
            Look::Requests(wanted) => (None, Some(wanted)),
        };
        let tracer = wanted.map(|wanted| Tracer::new(sim, wanted.clone(), plan.warmup));
        let capture = suspect.and_then(|(group, suspect)| {
            let index = (group.0 as usize).checked_sub(plan.services.len())?;
            let build = &plan.components.get(index)?.build;
            let dissector = build.dissector(&commons[index], suspect);
            let is_between = |id: &ServiceId| Some(plan.name(*id)) == build.through();
            let groups = plan.groups().filter(is_between).chain([*group]).collect();
            Some((groups, Local::new(Recorder::new(dissector?))))
        });
        Arc::new(Self {
            sim,
            machines: Machines::new(sim, &network),
            network,
            directory: Directory::new(&plan),
            lanes: Local::default(),
            policies,
            loads: loads.collect(),
            tables,
            ledgers: Arc::new(Ledgers::new(&plan.ledgers)),
            blames: Local::default(),
            commons,
            capture,
            tracer: tracer.map(Arc::new),
            names: Names::of(&plan),
            plan,
        })
    }

    /// The meter of a source of load.
    pub(crate) fn load(&self, load: LoadId) -> &Local<LoadMeter> {
        &self.loads[load.0 as usize]
    }

    /// What a service keeps beside its rows.
    pub(crate) fn table(&self, service: ServiceId) -> Arc<dyn Store> {
        Arc::clone(&self.tables[service.0 as usize])
    }

    /// What the members of a group of components have in common.
    pub(crate) fn common(&self, group: ServiceId) -> Option<Arc<dyn Any + Send + Sync>> {
        let index = (group.0 as usize).checked_sub(self.plan.services.len())?;
        self.commons.get(index).cloned()
    }

    /// Who is told of those who are called how long each request may come.
    pub(crate) fn tries(&self, to: ServiceId) -> Option<Arc<dyn Tries>> {
        let index = (to.0 as usize).checked_sub(self.plan.services.len())?;
        self.plan.components.get(index)?.build.tries(self.commons.get(index)?)
    }

    /// Whether it is kept what goes some way.
    pub(crate) fn is_captured(&self) -> bool {
        self.capture.is_some()
    }

    /// What somebody is called: a replica, a component, or a client of a load.
    pub(crate) fn name(&self, at: PlaceId) -> String {
        let Some((load, client)) = self.directory.client_at(at) else {
            return self.directory.resident(at).place.name().to_owned();
        };
        let plan = &self.plan.loads[load.0 as usize];
        match plan.clients() {
            1 => plan.name.clone(),
            _ => format!("{}/{client}", plan.name),
        }
    }

    /// Where it is kept what goes this way, if somebody wants to know.
    pub(crate) fn recorder(&self, way: (PlaceId, PlaceId)) -> Option<RefMut<'_, Recorder>> {
        let (groups, recorder) = self.capture.as_ref()?;
        let is_of = |place| match self.directory.party(place) {
            Party::Instance(instance) => groups.contains(&instance.service),
            Party::Load(_) | Party::Host(_) => false,
        };
        (is_of(way.0) || is_of(way.1)).then(|| recorder.borrow_mut())
    }

    /// What was kept.
    pub(crate) fn captured(&self) -> Capture {
        let recorder = self.capture.as_ref().map(|(_, recorder)| recorder.borrow_mut());
        recorder.map(|mut recorder| recorder.finish()).unwrap_or_default()
    }

    /// Work that was to be done once is done, which is counted where it was before.
    pub(crate) fn done(&self, deed: &Deed, origin: Origin) {
        if deed.done()
            && let Origin::User { load, sent, .. } = origin
        {
            self.load(load).borrow_mut().count(Count::Duplicates, sent);
        }
    }

    /// What was heard of a call is told who made it: a service for a request of its own, or a user.
    pub(crate) fn tell(&self, request: &Request, news: News) {
        match (&request.parent, request.origin) {
            (Some(caller), _) => caller.trail.hear(news),
            (None, Origin::User { load, .. }) => {
                self.load(load).borrow_mut().hear(request.user_key(), news);
            }
            (None, _) => {}
        }
    }

    /// Why a call failed: as who failed first said it, or as it looks from here.
    pub(crate) fn blame(
        &self,
        failure: &Failure<ServiceError>,
        between: (Option<ServiceId>, ServiceId),
        news: Option<News>,
    ) -> BlameId {
        match failure {
            Failure::Service(ServiceError { blame: Some(known), .. }) => *known,
            _ => self.note(Blame::of(failure, |error| error.kind, between, news)),
        }
    }

    /// The number by which errors carry a blame.
    pub(crate) fn note(&self, blame: Blame) -> BlameId {
        self.blames.borrow_mut().enter(blame)
    }

    /// The blame of a number.
    pub(crate) fn noted(&self, blame: BlameId) -> Blame {
        self.blames.borrow_mut().read(blame)
    }

    pub(crate) fn now(&self) -> Time {
        self.sim.now()
    }

    pub(crate) fn emit(&self, entity: u32, kind: EventKind, value: u64) {
        self.sim.emit(Event { entity, kind: kind as u8, value });
    }
}

fn meter(plan: &Plan, load: LoadId) -> Local<LoadMeter> {
    let probes = plan.probes.iter().filter(|probe| probe.subject == Subject::Load(load));
    Local::new(LoadMeter::new(plan, probes.copied().collect()))
}
