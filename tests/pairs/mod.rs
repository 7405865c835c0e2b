//! Any two layers around one another, over servers of every kind.
//!
//! Every ordered pair either composes, and then leaks nothing however calls end, or is refused by
//! `validate` with a reason. The layers are those of all policies; one that promises more than
//! others has an entry in a file of `layers`.

mod drive;
#[cfg(not(madsim))]
mod language;
mod layers;
mod rig;

use self::drive::{Kind, drive};
use self::layers::all;
use crate::conformance::bench::in_simulation;

#[test]
fn every_pair_keeps_its_promises() {
    for outer in all() {
        for inner in all() {
            for kind in Kind::ALL {
                in_simulation(|bench| drive(bench, outer, inner, kind));
            }
        }
    }
}
