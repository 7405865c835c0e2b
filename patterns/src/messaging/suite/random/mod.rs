//! Histories that nobody thought of.
//!
//! A history is drawn while it is played on the model, as only what is in flight can be settled. What the model does after
//! each step is kept, and is what the system has to do when the same is played there: a step is over when that has come, and
//! nothing else may come. So the clock of the model jumps, and a system is waited for no longer than it takes.
//!
//! They are compared in a partial order, as more is not promised:
//!
//! - *Within a step* it matters what comes, and not in which order; but what comes for the first time is in the order in
//!   which it was published, where one member of the group is there.
//! - *Which member* of a group has a message is not compared. Who leaves had one in flight at most, or was alone.
//! - *Which attempt* it is counts where attempts are counted, but not of what was in flight when connections were lost, or the
//!   server.
//! - *From step to step* all is in order: with room for one message, that is the order of each delivery.
//! - *Who is slow* takes nothing for a while of what is published, and all of it then: nothing of it is lost, or comes twice.
//! - *Who leaves* is gone after a while only, and takes what comes till then.
//! - *What is dead because its consumer has gone* is buried by the next one who is there, so nobody leaves who is the last to
//!   try something, and alone.
//! - *What is worthless* is buried when it is, or when it would be delivered: nothing is where nobody is there who has room, and
//!   it counts when it is buried.
//! - *Where a group shares partitions*, a step in which one comes or goes is over when all who are there have been told what they
//!   have. What was in flight comes again to whoever has its partition then.
//! - *Who is lost sight of* has what it had until that is known, by the time alone perhaps. So nothing is bounded there.
//!
//! With a bound on what is in flight, there is a limit of attempts that is never reached: without one, RabbitMQ puts what is
//! refused elsewhere, and where one has died, it sends one more than was asked for. One member is there, and nothing
//! expires or rests: whether that or what is new gets the room is nobody's promise.

mod drawing;
mod outcome;
mod play;
mod setting;
mod step;
mod tale;

pub use self::setting::Setting;
pub use self::tale::Tale;
