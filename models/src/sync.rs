use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks model state. A run is one thread, so the lock is never contended; a panic ends the run,
/// so a poisoned lock is only seen while it is taken down.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
