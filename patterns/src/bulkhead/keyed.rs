use std::collections::BTreeMap;
use std::fmt;

use super::core::rejection;
use super::idle::Idle;
use super::{Admission, Bulkhead, KeyedBulkheadConfig, Ticket};
use crate::call::Reason;

/// A bulkhead for each key.
///
/// There are at most `max_keys`. One more takes the place of the key under which nothing has been
/// under way and nobody has waited for the longest; a compartment in use is never given up, so its
/// count cannot get lost. A key that is known costs no allocation, a new one its place in a tree.
pub struct KeyedBulkhead {
    config: KeyedBulkheadConfig,
    compartments: Vec<Compartment>,
    by_key: BTreeMap<u64, u32>,
    idle: Idle,
}

impl fmt::Debug for KeyedBulkhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedBulkhead")
            .field("config", &self.config)
            .field("keys", &self.compartments.len())
            .field("in_flight", &self.in_flight())
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Compartment {
    key: u64,
    bulkhead: Bulkhead,
}

impl KeyedBulkhead {
    /// Without a key yet.
    pub fn new(config: KeyedBulkheadConfig) -> Self {
        Self { config, compartments: Vec::new(), by_key: BTreeMap::new(), idle: Idle::new() }
    }

    /// A call comes. Returns the number of its compartment, for as long as it is in it.
    pub fn on_call(&mut self, key: u64) -> (u32, Admission) {
        let Some(number) = self.compartment(key) else {
            return (0, Admission::Rejected(rejection(Reason::FULL)));
        };
        self.idle.remove(number);
        (number, self.compartments[number as usize].bulkhead.on_call())
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
        let number = if self.compartments.len() < self.config.max_keys as usize {
            let bulkhead = Bulkhead::new(self.config.each);
            self.compartments.push(Compartment { key, bulkhead });
            self.idle.grow();
            self.compartments.len() as u32 - 1
        } else {
            let number = self.idle.pop()?;
            let unused = std::mem::replace(&mut self.compartments[number as usize].key, key);
            self.by_key.remove(&unused);
            number
        };
        self.by_key.insert(key, number);
        Some(number)
    }

    fn rest(&mut self, number: u32) {
        let Compartment { bulkhead, .. } = &self.compartments[number as usize];
        if bulkhead.in_flight() == 0 && bulkhead.waiting() == 0 {
            self.idle.push(number);
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
