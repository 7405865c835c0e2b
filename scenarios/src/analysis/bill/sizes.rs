//! How many bytes things take, as they were measured.

/// The program itself, before it has read anything.
pub(super) const PROGRAM: f64 = 9.2e6;
/// A text of so many bytes, as a tree and as elements, and shown again in the results.
pub(super) const TEXT: f64 = 20.0;
/// A client of a closed load: its task and its stream.
pub(super) const CLIENT: f64 = 500.0;
/// A layer of a policy, with its names.
pub(super) const LAYER: f64 = 850.0;
/// The way from one caller to one replica.
pub(super) const HOP: f64 = 250.0;
/// A replica or a place of a component.
pub(super) const REPLICA: f64 = 2_200.0;
/// A request of a user that is under way, with its task.
pub(super) const REQUEST: f64 = 600.0;
/// A call that is under way.
pub(super) const CALL: f64 = 420.0;
/// What each layer of its policy holds for a call.
pub(super) const LAYER_OF_CALL: f64 = 190.0;
/// The task of a request that calls others.
pub(super) const TASK: f64 = 3_000.0;
/// A request that waits for a worker, and perhaps its user.
pub(super) const QUEUED: f64 = 600.0;
/// A message in a log, and as it is watched.
pub(super) const MESSAGE: f64 = 2_400.0;
/// A message that is dropped when it is done.
pub(super) const DONE_MESSAGE: f64 = 500.0;
/// Somebody who asks for more time for a message.
pub(super) const EXTENSION: f64 = 700.0;
/// A partition, at each place that keeps it.
pub(super) const PARTITION: f64 = 6_500.0;
/// What a client of a broker knows of one of its partitions.
pub(super) const VIEW: f64 = 40.0;
/// A client of a broker, with its connections.
pub(super) const MEMBER: f64 = 16_000.0;
/// A row of a store.
pub(super) const ROW: f64 = 100.0;
/// What is counted of a service at one boundary, of a load, and of a replica.
pub(super) const COPY_OF_SERVICE: f64 = 300.0;
pub(super) const COPY_OF_LOAD: f64 = 158.0;
pub(super) const COPY_OF_REPLICA: f64 = 16.0;
pub(super) const LOOK_AT_REPLICA: f64 = 80.0;
/// What a probe that follows requests counts.
pub(super) const PROBE: f64 = 30_000.0;
/// For each byte that is written, those in which it is put together.
pub(super) const WRITTEN: f64 = 1.2;
