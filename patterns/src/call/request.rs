use super::{Attempt, Baggage};

/// A request that a policy stack can carry.
pub trait Request: Send + 'static {
    /// What the layers know of the request.
    fn context(&self) -> &Context;

    /// The same, to be changed by a layer: a deadline, the number of a try.
    fn context_mut(&mut self) -> &mut Context;

    /// A copy to send once more, or `None` where the request cannot be sent twice. The request may note
    /// that there are two of it now.
    fn try_clone(&mut self) -> Option<Self>
    where
        Self: Sized;
}

/// What the layers of a stack know of a request: what it carries, and how they send it.
///
/// A request that is made for another one has its baggage and nothing of its attempt.
///
/// ```
/// use cascadia_patterns::call::{Baggage, Context};
///
/// fn onward(inbound: &Context) -> Context {
///     let depth = inbound.baggage.depth.saturating_add(1);
///     Context::new(Baggage { depth, ..inbound.baggage.clone() })
/// }
///
/// let mut inbound = Context::new(Baggage { priority: 2, ..Baggage::default() });
/// inbound.attempt.number = 1;
/// let onward = onward(&inbound);
/// assert_eq!((onward.baggage.priority, onward.baggage.depth, onward.attempt.number), (2, 1, 0));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Context {
    /// What crosses every hop.
    pub baggage: Baggage,
    /// What ends with the stack that sends the request.
    pub attempt: Attempt,
}

impl Context {
    /// That of a request which nobody has tried to send yet: of a user, over a hop, or made for
    /// another request. Nothing but baggage comes into it.
    #[inline]
    pub fn new(baggage: Baggage) -> Self {
        Self { baggage, attempt: Attempt::default() }
    }
}

/// The smallest request: a context and nothing else.
impl Request for Context {
    fn context(&self) -> &Self {
        self
    }

    fn context_mut(&mut self) -> &mut Self {
        self
    }

    #[inline]
    fn try_clone(&mut self) -> Option<Self> {
        Some(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_is_small_for_every_try_moves_it_through_every_layer() {
        assert!(size_of::<Baggage>() <= 64, "{}", size_of::<Baggage>());
        assert!(size_of::<Context>() <= 96, "{}", size_of::<Context>());
    }
}
