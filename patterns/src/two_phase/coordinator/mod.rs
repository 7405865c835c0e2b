mod config;
mod core;
mod rows;
mod shell;

pub use self::config::Config;
pub use self::core::{Coordinator, Ready};
pub use self::rows::{Seen, rows_of, seen};
pub use self::shell::Coordinating;
