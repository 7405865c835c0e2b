use super::following::Following;
use super::leading::Leading;

/// A partition that others keep, too, at one place.
pub(in crate::broker) struct Replica {
    /// The position of its topic, and its number.
    pub(in crate::broker) of: (usize, u32),
    /// What all in-sync replicas have, as far as is known here.
    pub(in crate::broker) watermark: u64,
    pub(in crate::broker) part: Part,
}

/// What a place does for a partition.
pub(in crate::broker) enum Part {
    /// Nothing: it does not know yet, or nobody leads.
    Nothing,
    Leads(Leading),
    Follows(Following),
}

impl Replica {
    pub(in crate::broker) const fn new(of: (usize, u32)) -> Self {
        Self { of, watermark: 0, part: Part::Nothing }
    }

    pub(in crate::broker) const fn is_led(&self) -> bool {
        matches!(self.part, Part::Leads(_))
    }

    pub(in crate::broker) const fn leads(&mut self) -> Option<&mut Leading> {
        match &mut self.part {
            Part::Leads(leading) => Some(leading),
            Part::Nothing | Part::Follows(_) => None,
        }
    }

    pub(in crate::broker) const fn follows(&mut self) -> Option<&mut Following> {
        match &mut self.part {
            Part::Follows(following) => Some(following),
            Part::Nothing | Part::Leads(_) => None,
        }
    }
}
