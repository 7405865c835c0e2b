mod keyed;
mod pool;
mod semaphore;
