//! Replies: how the outcome of work goes back to who asked for it.

use cascadia_patterns::call::Kind;
use cascadia_patterns::messaging::Message;
use cascadia_patterns::messaging::consumer::Fault;

use crate::exchange::{Answer, Content, ServiceError};

/// What is replied. What failed is told by the name of its kind, and is not tried again.
pub(super) fn write(answer: &Answer) -> Result<Message, Fault> {
    match answer {
        Ok(content) => Ok(Message::new(vec![u8::from(content.degraded)])),
        Err(failure) => Err(Fault::poison(ServiceError::kind_of(failure).name())),
    }
}

/// What a reply says.
pub(super) fn read(message: &Message) -> Content {
    Content { degraded: message.bytes() == [1], ..Content::default() }
}

/// What is wrong, where the reply is that it failed.
pub(super) fn read_fault(why: &str) -> ServiceError {
    ServiceError::new(Kind::named(why).unwrap_or(Kind::Error))
}

#[cfg(test)]
mod tests {
    use cascadia_patterns::call::Failure;

    use super::*;

    #[test]
    fn what_is_replied_is_read_as_it_was_written() {
        for degraded in [false, true] {
            let content = Content { degraded, ..Content::default() };
            assert_eq!(read(&write(&Ok(content)).unwrap()), content);
        }
        let error = ServiceError::new(Kind::Conflict);
        let fault = write(&Err(Failure::Service(error))).unwrap_err();
        assert_eq!(read_fault(fault.why()), error);
        assert_eq!(read_fault("something else").kind, Kind::Error);
    }
}
