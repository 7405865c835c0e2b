use std::sync::LazyLock;

use redis::Script;

/// What happens at the server as one, or not at all.
macro_rules! scripts {
    ($($(#[$doc:meta])* $name:ident: $($file:literal),+;)+) => {$(
        $(#[$doc])*
        pub(crate) static $name: LazyLock<Script> =
            LazyLock::new(|| Script::new(concat!($(include_str!($file)),+)));
    )+};
}

scripts! {
    /// Fetches for a member of a group what others have not settled in time.
    CLAIM: "scripts/done.lua", "scripts/common.lua", "scripts/claim.lua";
    /// Acknowledges deliveries that are certain to be a member's own.
    ACK: "scripts/done.lua", "scripts/ack.lua";
    /// Settles deliveries.
    SETTLE: "scripts/done.lua", "scripts/common.lua", "scripts/settle.lua";
    /// Takes a member out of its group.
    LEAVE: "scripts/done.lua", "scripts/common.lua", "scripts/leave.lua";
}
