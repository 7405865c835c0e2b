mod basics;
mod durability;
mod host;
mod keeping;
mod keys;
mod transactions;
