//! What is written, and how nothing is harmed by it.
//!
//! Files are written where a stranger's repository lies and where other runs write at the same time. A file that is
//! written to by its name is written wherever a link of that name leads; a result that is written file by file is
//! half that of one run and half that of another, or ends in the middle when the process does.
//!
//! So nothing is written through a symbolic link, and nothing is replaced that is no result. What is new is written
//! beside its place, under a name that nobody has ([`fresh`]), and moved there in one step. Who writes holds a lock on
//! the folder ([`lock`]), so what is found under such a name then is left by somebody who was killed, and is cleaned
//! away.

mod bundle;
mod file;
mod folder;
mod fresh;
mod latest;
mod links;
mod lock;
mod ours;
mod swap;

pub(crate) use self::bundle::Bundle;
pub(crate) use self::file::{may_be_written, write};
pub(crate) use self::folder::Folder;
pub(crate) use self::links::link_in;
