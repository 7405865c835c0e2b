use cascadia_models::plan::DiskPlan;

use super::disk::check_disk;
use crate::decode::{Anything, Decode, Shape, object_members};
use crate::diagnostics::Report;
use crate::text::Node;

/// Alike components: besides `places` and `disk`, exactly one kind with its settings.
#[derive(Debug)]
pub(crate) enum Component {}

/// What is written of them.
#[derive(Debug)]
pub(crate) struct Alike {
    /// How many there are.
    pub(super) places: u32,
    /// The disk of each, where it is written.
    pub(super) disk: Option<DiskPlan>,
    /// Their kind, of which there should be one.
    pub(super) kinds: Vec<String>,
}

impl Decode for Component {
    type Value = Alike;

    fn decode(node: &Node, report: &mut Report) -> Option<Alike> {
        let members = object_members(Some(node), report)?;
        let places = node.get("places").map_or(Some(1), |places| u32::decode(places, report));
        let disk = node.get("disk").and_then(|node| disk(node, report));
        let settings = ["places", "disk"];
        let kinds = members.iter().filter(|member| !settings.contains(&&*member.key));
        let kinds = kinds.map(|member| member.key.clone()).collect();
        Some(Alike { places: places?, disk, kinds })
    }

    fn shape() -> Shape {
        Shape::Map(Anything::shape)
    }
}

fn disk(node: &Node, report: &mut Report) -> Option<DiskPlan> {
    let disk = DiskPlan::decode(node, report)?;
    check_disk(&disk, node, report);
    Some(disk)
}
