mod checker;
mod downtime;
mod members;
mod planted;
mod safety;
mod wal;
mod world;
