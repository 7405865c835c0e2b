mod inquiring;
mod ledger;
mod prepared;
mod work;

pub use self::inquiring::Inquiring;
pub use self::ledger::{Begun, Branches};
pub use self::work::Work;
