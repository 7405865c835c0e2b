//! Files, and what is told of them.

mod bill;
mod checks;
mod common;
mod explain;
mod inspect;
mod like;
mod limits;
mod lints;
mod malformed;
mod one_mistake;
mod overload;
mod random;
mod reference;
mod requests;
mod schema;
mod valid;
