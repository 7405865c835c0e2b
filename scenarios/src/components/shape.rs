use crate::decode::{Anything, Decode, Shape, object_members};
use crate::diagnostics::Report;
use crate::text::Node;

/// Alike components: besides `places`, exactly one kind with its settings.
#[derive(Debug)]
pub(crate) enum Component {}

/// What is written of them.
#[derive(Debug)]
pub(crate) struct Alike {
    /// How many there are.
    pub(super) places: u32,
    /// Their kind, of which there should be one.
    pub(super) kinds: Vec<String>,
}

impl Decode for Component {
    type Value = Alike;

    fn decode(node: &Node, report: &mut Report) -> Option<Alike> {
        let members = object_members(Some(node), report)?;
        let places = node.get("places").map_or(Some(1), |places| u32::decode(places, report));
        let kinds = members.iter().filter(|member| member.key != "places");
        let kinds = kinds.map(|member| member.key.clone()).collect();
        Some(Alike { places: places?, kinds })
    }

    fn shape() -> Shape {
        Shape::Map(Anything::shape)
    }
}
