mod checker;
mod downtime;
mod planted;
mod safety;
mod wal;
mod world;
