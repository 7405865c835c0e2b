use super::{duration, number, share};

/// How a figure reads whose name ends with its unit.
pub fn figure(name: &str) -> fn(f64) -> String {
    match name.rsplit_once('_') {
        Some((_, "share")) => share,
        Some((_, "ns")) => duration,
        _ => number,
    }
}
