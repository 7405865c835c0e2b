use cascadia_runtime::Wall;

use super::ids::Offset;

/// Where somebody begins to read a partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// At the oldest message that is kept.
    Earliest,
    /// Behind the newest one: only what comes is read (Kafka `auto.offset.reset`, core NATS).
    #[default]
    Latest,
    /// At the newest message, if there is one: the last value, and then what comes (MQTT retained
    /// messages, JetStream `DeliverLast`).
    Last,
    /// At this place.
    At(Offset),
    /// At the first message that the broker had at this time or later, by its clock.
    Since(Wall),
}

/// What happens to who wants to read what is kept no more, or is not there yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reset {
    /// Goes on with the oldest message. What lies between is lost to it, and told and counted.
    #[default]
    Earliest,
    /// Goes on with what comes (the default of Kafka, where it is silent). Told and counted.
    Latest,
    /// The feed ends with an error.
    Fail,
}
