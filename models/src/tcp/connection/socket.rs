use super::{Connection, Stage, State};
use crate::tcp::role::Role;
use crate::tcp::socket::Socket;

impl Connection {
    /// What the host at `role` knows of it, if anything.
    pub(in crate::tcp) fn socket(&self, role: Role) -> Option<Socket> {
        let state = &self.state.borrow_mut();
        Some(Socket {
            received: state.pipes[role.other()].unread(),
            sent: state.pipes[role].under_way(),
            local: self.locations[role].address,
            peer: Some(self.locations[role.other()].address),
            state: name(state, role)?,
        })
    }
}

/// The states of RFC 9293, 3.3.2.
fn name(state: &State, role: Role) -> Option<&'static str> {
    let (out, into) = (&state.pipes[role], &state.pipes[role.other()]);
    match state.ends[role].stage {
        Stage::Absent => None,
        Stage::Opening if role == Role::Dialler => Some("SYN_SENT"),
        Stage::Opening => Some("SYN_RECEIVED"),
        Stage::Open | Stage::Closed => match (out.closing, into.ended) {
            (false, false) => Some("ESTABLISHED"),
            (false, true) => Some("CLOSE_WAIT"),
            (true, false) if out.ended => Some("FIN_WAIT_2"),
            (true, false) => Some("FIN_WAIT_1"),
            (true, true) if out.ended => None,
            (true, true) => Some("LAST_ACK"),
        },
    }
}
