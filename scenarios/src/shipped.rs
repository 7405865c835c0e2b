//! The shipped scenarios.

/// A scenario that comes with the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// What it shows, in one line.
    pub purpose: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($name:literal: $purpose:literal)*) => {
        /// Every shipped scenario, by name.
        pub const ALL: &[Shipped] = &[$(Shipped {
            name: $name,
            purpose: $purpose,
            text: include_str!(concat!("../", $name, ".json")),
        },)*];
    };
}

shipped! {
    "acked-loss": "two keep each order, one is down, the other loses power: what was confirmed is lost, or it was not confirmed"
    "backoff-herd": "a thousand devices lose their server together, and come back together without jitter"
    "black-hole": "a replica that fails at once attracts the traffic; outlier detection or a breaker keeps it away"
    "bulkheads": "one sick dependency of three, with a compartment for each, for all, and none"
    "cascade": "a slow database takes a whole shop down through exhausted workers; a bulkhead contains it"
    "chain-vs-parallel": "three calls one after the other, and side by side"
    "clock-step": "somebody sets the clock on the wall, and no layer notices"
    "correlation": "one id finds every call of a request: retries, copies, fallbacks; a service that drops it"
    "correlation-by-message": "one id finds what a request caused by way of two queues; a service that drops it"
    "database-failover": "the database is gone for twenty seconds; a breaker keeps that from taking the shop along"
    "dead-letters-replayed": "what was given up is put back, after the repair and before it"
    "dedupe-window": "messages that come again after they were forgotten; ids, an inbox, and how long it remembers"
    "errors-by-class": "a 404 is an answer; a breaker and retries that take it for a failure"
    "fallback-cascade": "a fallback that calls is a way for a cascade; a bulkhead of its own closes it"
    "fire-and-forget": "a broker dies, and what is told to it meanwhile is gone; answers that nobody or somebody waits for"
    "hedge-storm": "copies of slow calls double the load when everything is slow; a budget contains them"
    "hot-row": "every order locks one row; first or last in its transaction decides whether all connections wait"
    "idempotency-key": "an order that is sent again is taken once, if its key is kept where another replica finds it"
    "kill-switch": "a sick database, and a consumer that stops before it gives up orders that are well"
    "leader-election": "whoever leads three replicas dies or is cut off; real Raft elects another, and loses nothing"
    "like-consumer-pauses": "a consumer stands still for a minute: orders that are late and billed twice, on the defaults of four brokers"
    "like-machine-dies": "the machine of a broker dies: what the defaults of Kafka, RabbitMQ, JetStream and Redis lose, and what ends it"
    "like-zone-cut": "a zone is cut off for a minute: who loses orders and who refuses them, on the defaults of four brokers"
    "livelock": "a slow server spends what it has left on saying no"
    "lost-deadline": "one service does not hand the deadline on, and the database works for users who have left"
    "min-rtt": "an adaptive limit that measures itself, in a fleet that does it together and one that does not"
    "mm1": "one queue at 80 % load against its closed form; a million requests"
    "optional-dependency": "a page without its recommendations is a page; a fallback, a breaker and a timeout"
    "order-choreography": "the same order without anybody who drives it: effects, notes and events in one transaction, and events that are lost"
    "order-saga": "an order at four services, whole or not at all: orchestrators that die, answers that are lost, and what keeps count"
    "outbox-id-gap": "orders and what is told of them in one transaction; a relay that goes by the highest id overlooks some"
    "poison-message": "orders that always fail come back for ever; a limit and dead letters"
    "pub-sub": "three subscribe to one topic, one slow, one dead; the third notices nothing"
    "quorum-staleness": "a write to one replica and a read from another: stale, unless the two quorums meet"
    "rebalance-loop": "a batch that takes longer than its replica may: put out of its group, back, and the same messages again"
    "request-reply": "questions by message: replies that come late, twice, or to a process that is no more"
    "request-response": "the same questions by calls, in the same weather"
    "retried-post": "lost acknowledgements, and who may try again: a POST that is repeated makes two orders"
    "retry-backoff": "exponential backoff does not stop a retry storm; a budget or a breaker does"
    "retry-storm": "a ten second slowdown, and which retry policy turns it into an outage without end"
    "row-contention": "a hundred clients change one row; jitter halves what they pay for who wins"
    "sick-minority": "outlier detection finds one sick replica of ten, and not four"
    "sick-replica": "one slow replica of eleven, and what each balancer makes of it"
    "split-brain": "two orchestrators think the same orders theirs; who refuses the one that is in charge no more"
    "stale-outcome": "calls from before an outage fail long after it; a breaker must know that they are of another time"
    "stale-queue": "a queue in order works for callers that have gone; CoDel and last come, first served"
    "stuck-probe": "a probe that never ends, and a circuit that waits for it"
    "sync-vs-async": "the same order by calls and by messages, while what it needs is dead"
    "tied-requests": "every read is sent to two servers, and the one that begins it cancels the other"
    "timeouts": "a dead service and callers that wait for ever, for half a minute, or for what they can spare"
    "trip-saga": "three bookings at the same time, a payment that may not come, a hotel that is locked: who waits for a trip that comes to nothing"
    "two-breakers": "the breaker of most introductions beside one that forgets"
    "two-phase-commit": "what is locked, and for how long, when who decides dies; the same order as a saga locks nothing"
    "work-queue": "the consumers of a queue die for ten seconds; a backlog that is drained, and five ways to lose it"
    "zone-loss": "a zone disappears without a word; breakers and a retry budget save the rest"
}
