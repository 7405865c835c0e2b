mod core;
mod properties;
mod shell;
