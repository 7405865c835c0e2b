use std::sync::Arc;

use cascadia_patterns::messaging::{Message, Offset};
use cascadia_runtime::Wall;
use tokio::time::Instant;

/// A message as its server has it.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Its place.
    pub offset: Offset,
    /// The message.
    pub message: Arc<Message>,
    /// Which delivery of it this is, from 1.
    pub attempt: u32,
    /// When the server had it.
    pub published: Wall,
}

/// A delivery that is not settled yet, and what its server calls it.
#[derive(Clone, Debug)]
pub struct Held<H> {
    /// What its server knows it by.
    pub handle: H,
    /// The message as it was delivered.
    pub origin: Origin,
    /// When its time is over.
    pub until: Instant,
    /// Whether that is so: it holds no credit then, and may be with somebody else.
    pub is_late: bool,
}
