mod basics;
mod durability;
mod host;
mod keeping;
mod keys;
mod model;
mod properties;
mod transactions;
