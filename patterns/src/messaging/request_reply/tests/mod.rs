mod many;
mod pending;
mod shell;
