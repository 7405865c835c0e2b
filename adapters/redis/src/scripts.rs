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
    /// Adds messages.
    PUBLISH: "scripts/publish.lua";
    /// Fetches messages for a member of a group.
    TAKE: "scripts/common.lua", "scripts/take.lua";
    /// Settles deliveries.
    SETTLE: "scripts/common.lua", "scripts/settle.lua";
    /// Takes a member out of its group.
    LEAVE: "scripts/common.lua", "scripts/leave.lua";
}
