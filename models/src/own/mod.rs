//! Code of somebody's own: what runs in production, in the place of what a file says.
//!
//! # The problem
//!
//! What a consumer does with a message can be said in steps; what it makes of an outcome is code: which errors are
//! worth another try, and which message is poison. So it is with who does the steps of a saga: what there is to reserve, and for whom
//! it is refused, is in rows that the code reads and writes. A copy of that code in a file would be another one. So the code
//! itself can be put where the steps are, and is what decides.
//!
//! A consumer is handed the delivery that a broker would hand it, whose body says nothing, and may have the steps of
//! the file [done](Handed::work): they take a worker of the replica and its time, and call others under the policies of the
//! file. Time passes in nothing else but that and [`rest`](Handed::rest).
//!
//! A [participant](OwnParticipant) is handed the turn that its ledger would hand it, with the transaction for what it does, when the steps
//! of the file are done. Its rows are those of the service, and outlive all replicas.

mod consumer;
mod participant;

pub use cascadia_patterns::messaging::consumer::Fault;

pub use self::consumer::{Handed, Own};
pub use self::participant::OwnParticipant;
