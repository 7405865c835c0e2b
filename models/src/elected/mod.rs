//! Stores whose replicas elect who leads: each runs the real Raft, on the disk of its place.
//!
//! # The problem
//!
//! A store that is [replicated](crate::plan::Keeping::Replicated) is told who leads, by somebody who
//! is never wrong and never cut off. What that costs in reality, and what it loses, is hidden there:
//! how long nobody leads, who still believes to, what became of a write whose leader died. So here
//! nobody is told. The replicas are members of a log ([`cascadia_patterns::raft`]), the crate that
//! runs in production; what they say to each other travels over the links of the plan and meets its
//! faults, and what they must not forget is written to simulated disks, which lose what was not
//! synced when a machine dies.
//!
//! # One write
//!
//! | | in | what happens |
//! |---|---|---|
//! | 1 | `models/src/script/elected.rs` | who leads works on it, and puts a command into the log |
//! | 2 | `models/src/elected/running.rs` | the log says what to send and what to write |
//! | 3 | `models/src/journal.rs` | the disk has it; what comes meanwhile is one more record |
//! | 4 | `models/src/elected/running.rs` | a majority has it: it is applied to the rows, and answered |
//!
//! A read puts nothing into the log. Who leads asks a majority whether it still does, and answers when
//! it has applied what was committed when the read came (the *read index*). There are no leases, so
//! that nothing depends on clocks. A transaction is one entry; its rows are kept from others by whoever
//! leads, in memory.
//!
//! # Who is asked
//!
//! Callers ask whom they last heard to lead. They hear of it when a replica is elected in a later term
//! than all before, at once and wherever they are, as from a directory that each leader writes its name
//! into. Before the first election that is replica 0. Who is asked and does not lead says so at once
//! (`unavailable`), which proves that it has done nothing: a retry may repeat even what is not
//! idempotent. Who stops to lead says `unavailable` to all whose writes are under way, and proves
//! nothing: such a write may yet be committed. It is a lost acknowledgement, and where it is repeated
//! and done twice it counts among the `duplicates`.
//!
//! # What there is not
//!
//! Replicas neither join nor leave, and nothing shortens the log: a replica that comes back reads all of
//! it. A replica whose disk fails, or whose log is damaged before its end, takes no part in that life.
//! Damage at its end looks like half a record and is cut off: Raft trusts its disks, and nothing holds
//! where they spoil what was synced.
//! Raft itself takes no time but that of disks and links.
//!
//! # Determinism
//!
//! How long a replica waits before it stands for election is drawn by its place, in each life anew;
//! messages are drawn as all that components send.

mod ledger;
mod letter;
mod member;
mod rows;
mod running;
#[cfg(test)]
mod tests;
mod wishes;

pub(crate) use self::ledger::Ledger;
pub(crate) use self::member::LogMember;
