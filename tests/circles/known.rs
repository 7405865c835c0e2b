//! The circles that there are, each with why. One that is mended is taken off its list.

/// Modules of a crate that import each other.
pub(super) struct Known {
    pub(super) of: &'static str,
    pub(super) circle: &'static str,
    /// Why it is there.
    #[expect(dead_code, reason = "it is for who reads the list")]
    pub(super) why: &'static str,
}

const fn known(of: &'static str, circle: &'static str, why: &'static str) -> Known {
    Known { of, circle, why }
}

/// Of files.
pub(super) const FILES: [Known; 1] = [known(
    "sim-core",
    "engine engine/here engine/madsim/driver engine/madsim/kernel engine/madsim/sleep \
     engine/madsim/task engine/madsim/world engine/own/callback engine/own/kernel \
     engine/own/nodes engine/own/ready engine/own/target engine/own/task engine/own/tasks \
     engine/own/waker engine/own/world",
    "a task wakes the kernel that runs it, and each engine implements what all have in common",
)];

/// Of modules at the top of a crate.
pub(super) const MODULES: [Known; 0] = [];
