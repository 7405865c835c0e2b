use super::{LayerPlan, StackId};

/// A policy stack: layers, outermost first.
#[derive(Clone, Debug)]
pub struct StackPlan {
    /// Its name.
    pub name: String,
    /// The layers, at most one of them a [balancer](super::Place::Balancer).
    pub layers: Vec<LayerPlan>,
}

impl StackPlan {
    /// The position of layer number `index` in the policy, as its author counts.
    pub fn position(&self, index: usize) -> usize {
        index - self.layers.iter().take(index + 1).filter(|layer| layer.is_inner()).count()
    }

    /// The same for names, which say it only where the author calls several layers the same.
    pub(crate) fn place(&self, index: usize) -> String {
        let Some(this) = self.layers.get(index).map(|layer| layer.written_as()) else {
            return String::new();
        };
        let written = self.layers.iter().filter(|layer| !layer.is_inner());
        let alike = written.filter(|layer| layer.written_as() == this).count();
        if alike > 1 { format!("[{}]", self.position(index)) } else { String::new() }
    }
}

/// A layer of a stack by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LayerId {
    /// The stack.
    pub stack: StackId,
    /// The position in [`StackPlan::layers`].
    pub layer: u32,
}
