//! A store on redb, on disks that lose what was not synced and under a process that is killed.

mod crashes;
mod duplicates;
mod faults;
mod killed;
mod orders;
mod place;
mod rates;
mod sagas;
mod suite;
mod support;
