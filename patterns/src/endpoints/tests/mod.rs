mod change;
mod properties;

use std::cell::Cell;
use std::rc::Rc;

use cascadia_runtime::Time;

use super::*;
use crate::call::Status;
use crate::testing::key;

/// A way whose status the test says.
#[derive(Clone, Debug)]
struct Said(Rc<Cell<Status>>);

impl Way for Said {
    fn status(&self, _: Time) -> Status {
        self.0.get()
    }
}

fn join(set: &mut EndpointSet<Said>, number: u64) -> bool {
    let way = Said(Rc::new(Cell::new(Status::Ready)));
    set.change(SetChange::Join { endpoint: Endpoint::new(key(number)), way })
}

fn set(endpoints: u64) -> EndpointSet<Said> {
    let mut set = EndpointSet::default();
    assert!((0..endpoints).all(|number| join(&mut set, number)));
    set
}

fn keys(set: &EndpointSet<Said>) -> Vec<u64> {
    set.candidates().iter().map(|candidate| candidate.endpoint.number()).collect()
}
