mod checker;
mod planted;
mod safety;
mod world;
