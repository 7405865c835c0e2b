use std::time::Duration;

/// How the hosts of a network speak TCP. The defaults are those of Linux where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bytes of one direction that may be under way or unread at a time.
    pub window: usize,
    /// Most bytes of a segment: the MSS of an Ethernet frame.
    pub segment: usize,
    /// Connections that a listener holds before they are accepted. What comes beyond is ignored,
    /// and tries again.
    pub backlog: usize,
    /// How long a dial tries: six times, after 1, 2, 4, … seconds (`tcp_syn_retries`).
    pub connect_timeout: Duration,
    /// How often something is sent again before the connection is given up (`tcp_retries2`).
    pub retries: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            window: 64 * 1024,
            segment: 1460,
            backlog: 1024,
            connect_timeout: Duration::from_secs(127),
            retries: 15,
        }
    }
}

impl Settings {
    /// # Panics
    ///
    /// When a size is zero: nothing could ever be sent.
    pub(super) fn assert_checked(&self) {
        assert!(self.window > 0, "a window holds at least one byte");
        assert!(self.segment > 0, "a segment holds at least one byte");
        assert!(self.backlog > 0, "a backlog holds at least one connection");
    }
}
