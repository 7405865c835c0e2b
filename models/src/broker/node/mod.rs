//! A place of a broker: partitions, a disk and those who are connected.

mod asks;
mod begin;
mod burials;
mod clients;
mod component;
mod feeds;
mod follow;
mod found;
mod govern;
mod groups;
mod hosted;
mod lead;
mod leaving;
mod letters;
mod life;
mod place;
mod seats;
#[cfg(test)]
mod tests;
mod touched;
mod work;
mod writer;

pub(super) use self::place::Node;
