//! The clients of a load are at places, with machines of their own.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_models::component::{Body, Build, Component, Envelope, Life, Place, PlaceId, Row};
use cascadia_models::laws::Law;
use cascadia_models::plan::*;
use cascadia_runtime::{Net, Time};

use crate::world::plans::{constant, ms, plan, run, service};

/// A client that was dialled, when, what came of that, and when.
type Call = (PlaceId, Time, ErrorKind, Time);

/// Dials back whoever asks.
#[derive(Clone, Debug)]
struct Kinds(Arc<Mutex<Vec<Call>>>);

struct DialsBack(Kinds, Mutex<Option<Life>>);

impl Component for DialsBack {
    fn boot(self: Arc<Self>, life: Life) {
        *self.1.lock().unwrap() = Some(life);
    }

    fn receive(self: Arc<Self>, envelope: Envelope) {
        let Body::Request(exchange) = envelope.body else { return };
        let life = self.1.lock().unwrap().clone().unwrap();
        let (Kinds(log), from, start) = (self.0.clone(), envelope.from, life.now());
        life.spawn({
            let life = life.clone();
            async move {
                let dialled = life.host().dial(life.address(from, 80)).await;
                let refused = dialled.expect_err("a client listens nowhere").kind();
                log.lock().unwrap().push((from, start, refused, life.now()));
            }
        });
        exchange.succeed();
    }

    fn end(&self, _: cascadia_models::component::Death) {
        *self.1.lock().unwrap() = None;
    }
}

impl Build for Kinds {
    fn rows(&self) -> &'static [Row] {
        &[]
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(DialsBack(self.clone(), Mutex::default()))
    }
}

/// What a component meets that dials each client that asks it back over links of 5 ms.
fn dialled(arrivals: Arrivals, population: u32, faults: Vec<FaultPlan>) -> Vec<Call> {
    let log = Kinds(Arc::default());
    let idle = service("idle", 1, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![idle], arrivals, ms(3_000));
    plan.components = vec![ComponentPlan::new("gate".into(), 1, Arc::new(log.clone()))];
    (plan.loads[0].service, plan.loads[0].population) = (ServiceId(1), population);
    plan.links.default = Some(Link::new(Duration::from_millis(5)));
    plan.faults = faults;
    run(plan);
    let calls = log.0.lock().unwrap();
    calls.clone()
}

fn clients(calls: &[Call]) -> usize {
    calls.iter().map(|(from, ..)| *from).collect::<BTreeSet<_>>().len()
}

#[test]
fn each_client_of_a_closed_load_has_a_place_although_they_share_a_stack() {
    let arrivals = Arrivals::Closed { clients: 3, think: Law::Constant(1e8) };
    let calls = dialled(arrivals, 1, Vec::new());
    assert_eq!(clients(&calls), 3);
    for (_, start, kind, end) in calls {
        assert_eq!(
            (kind, end.since(start)),
            (ErrorKind::ConnectionRefused, Duration::from_millis(10))
        );
    }
}

#[test]
fn each_client_of_an_open_load_has_a_place() {
    assert_eq!(clients(&dialled(Arrivals::Constant(20.0), 4, Vec::new())), 4);
    assert_eq!(clients(&dialled(Arrivals::Constant(20.0), 1, Vec::new())), 1);
}

#[test]
fn a_fault_that_names_a_load_reaches_the_byte_streams_of_its_clients() {
    let (gate, load) = (Instance { service: ServiceId(1), replica: 0 }, LoadId(0));
    let (gate, load) = (vec![Party::Instance(gate)], vec![Party::Load(load)]);
    let (gate, load) = (Side::of(gate), Side::of(load));
    let effect = Effect::between(move |passage| match passage.passes(&gate, &load) {
        true => Fate::Lost,
        false => Fate::Untouched,
    });
    let cut = FaultPlan { name: "cut".into(), start: ms(1_002), end: ms(2_002), effect };
    let calls = dialled(Arrivals::Constant(10.0), 4, vec![cut]);
    let late = |(_, start, _, end): &&Call| end.since(*start) > Duration::from_millis(10);
    let met: Vec<&Call> = calls.iter().filter(late).collect();
    assert!(met.len() >= 9, "{calls:?}");
    assert!(met.iter().all(|(_, start, _, end)| *start < ms(2_002) && *end > ms(2_002)));
    let before = calls.iter().filter(|(_, start, ..)| *start < ms(1_000)).count();
    assert_eq!(before, 10, "and no others");
}
