use super::{Connection, Stage, State};
use crate::tcp::side::Side;
use crate::tcp::socket::Socket;

impl Connection {
    /// What the host at `side` knows of it, if anything.
    pub(in crate::tcp) fn socket(&self, side: Side) -> Option<Socket> {
        let state = &self.state.borrow_mut();
        Some(Socket {
            received: state.pipes[side.other()].unread(),
            sent: state.pipes[side].under_way(),
            local: self.places[side].address,
            peer: Some(self.places[side.other()].address),
            state: name(state, side)?,
        })
    }
}

/// The states of RFC 9293, 3.3.2.
fn name(state: &State, side: Side) -> Option<&'static str> {
    let (out, into) = (&state.pipes[side], &state.pipes[side.other()]);
    match state.ends[side].stage {
        Stage::Absent => None,
        Stage::Opening if side == Side::Dialler => Some("SYN_SENT"),
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
