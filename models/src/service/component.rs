use std::sync::Arc;

use super::replica::Replica;
use crate::world::{Body, Component};

impl Component for Replica {
    fn receive(self: Arc<Self>, body: Body) {
        match body {
            Body::Request(exchange) => self.arrive(exchange),
            Body::Cancel(exchange) => self.cancel(&exchange),
        }
    }
}
