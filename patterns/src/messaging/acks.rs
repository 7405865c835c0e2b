/// When a broker answers that it has a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Acks {
    /// At once: nobody knows whether it has. Where it is lost, nobody is told.
    None,
    /// When the one that leads the partition has it. If that one is lost before another has it, so
    /// is the message.
    Leader,
    /// When as many have it as the topic asks for (Kafka since 3.0).
    #[default]
    All,
}
