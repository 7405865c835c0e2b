use std::collections::BTreeMap;

use super::core::rejection;
use super::{Admission, Bulkhead, KeyedBulkheadConfig, Ticket};
use crate::call::Reason;

/// A bulkhead for each key.
///
/// There are at most `max_keys`. One more takes the place of the key that has gone unused for the
/// longest, among those under which nothing is under way and nobody waits; a compartment in use is
/// never given up, so its count cannot get lost.
#[derive(Debug)]
pub struct KeyedBulkhead {
    config: KeyedBulkheadConfig,
    compartments: Vec<Compartment>,
    by_key: BTreeMap<u64, u32>,
    /// Compartments that nobody uses, by their last use.
    idle: BTreeMap<u64, u32>,
    uses: u64,
}

#[derive(Debug)]
struct Compartment {
    key: u64,
    bulkhead: Bulkhead,
    last_use: u64,
}

impl KeyedBulkhead {
    /// Without a key yet.
    pub fn new(config: KeyedBulkheadConfig) -> Self {
        let (by_key, idle) = (BTreeMap::new(), BTreeMap::new());
        Self { config, compartments: Vec::new(), by_key, idle, uses: 0 }
    }

    /// A call comes. Returns the number of its compartment, for as long as it is in it.
    pub fn on_call(&mut self, key: u64) -> (u32, Admission) {
        let Some(number) = self.compartment(key) else {
            return (0, Admission::Rejected(rejection(Reason::Full)));
        };
        self.uses += 1;
        let compartment = &mut self.compartments[number as usize];
        self.idle.remove(&compartment.last_use);
        compartment.last_use = self.uses;
        (number, compartment.bulkhead.on_call())
    }

    /// A call in a compartment ended. Returns whose turn it is there.
    pub fn on_released(&mut self, number: u32) -> Option<Ticket> {
        let next = self.compartments[number as usize].bulkhead.on_released();
        self.rest(number);
        next
    }

    /// A waiter saw that it holds a permit, if it does, and leaves the queue with it.
    pub fn on_claimed(&mut self, number: u32, ticket: Ticket) -> bool {
        self.compartments[number as usize].bulkhead.on_claimed(ticket)
    }

    /// A waiter leaves. Returns whose turn it is when it leaves a permit behind.
    pub fn on_left(&mut self, number: u32, ticket: Ticket) -> Option<Ticket> {
        let next = self.compartments[number as usize].bulkhead.on_left(ticket);
        self.rest(number);
        next
    }

    /// The compartment of a key, made for it if need be; none where all are in use.
    fn compartment(&mut self, key: u64) -> Option<u32> {
        if let Some(number) = self.by_key.get(&key) {
            return Some(*number);
        }
        let bulkhead = Bulkhead::new(self.config.each);
        let made = Compartment { key, bulkhead, last_use: 0 };
        let number = if self.compartments.len() < self.config.max_keys as usize {
            self.compartments.push(made);
            self.compartments.len() as u32 - 1
        } else {
            let (_, number) = self.idle.pop_first()?;
            let unused = std::mem::replace(&mut self.compartments[number as usize], made);
            self.by_key.remove(&unused.key);
            number
        };
        self.by_key.insert(key, number);
        Some(number)
    }

    fn rest(&mut self, number: u32) {
        let Compartment { bulkhead, last_use, .. } = &self.compartments[number as usize];
        if bulkhead.in_flight() == 0 && bulkhead.waiting() == 0 {
            self.idle.insert(*last_use, number);
        }
    }

    /// Keys that have a compartment.
    pub fn keys(&self) -> u32 {
        self.by_key.len() as u32
    }

    /// Calls that hold a permit of any key.
    pub fn in_flight(&self) -> u32 {
        self.compartments.iter().map(|each| each.bulkhead.in_flight()).sum()
    }

    /// Calls that wait for a permit of any key.
    pub fn waiting(&self) -> u32 {
        self.compartments.iter().map(|each| each.bulkhead.waiting()).sum()
    }
}
