//! Answers as they are kept, to be given again.

use cascadia_patterns::call::{Class, Failure, Kind};

use super::answer::{Answer, Content, ServiceError};

const OK: u8 = 0;
const ERROR: u8 = 1;

/// An answer of a service in bytes; nothing, where something else is in place of one.
pub(crate) fn encode(answer: &Answer) -> Option<Vec<u8>> {
    match answer {
        Ok(Content { degraded, version, kind, known }) => {
            let mut bytes = vec![OK, u8::from(*degraded), u8::from(*known)];
            bytes.push(kind.map_or(u8::MAX, |kind| kind as u8));
            bytes.extend(version.to_le_bytes());
            Some(bytes)
        }
        Err(Failure::Service(ServiceError { kind, class, untouched, .. })) => {
            let [class, retryable, overload] = match *class {
                Class::Success => [0, 0, 0],
                Class::Failure { retryable, overload } => [1, retryable.into(), overload.into()],
                Class::Ignore => [2, 0, 0],
            };
            Some(vec![ERROR, *kind as u8, class, retryable, overload, u8::from(*untouched)])
        }
        Err(Failure::Rejected(_) | Failure::TimedOut(_)) => None,
    }
}

/// The answer from there.
pub(crate) fn decode(bytes: &[u8]) -> Option<Answer> {
    let kind = |number: u8| Kind::ALL.get(usize::from(number)).copied();
    match *bytes {
        [OK, degraded, known, said, ref version @ ..] => Some(Ok(Content {
            degraded: degraded == 1,
            known: known == 1,
            kind: kind(said),
            version: u64::from_le_bytes(version.try_into().ok()?),
        })),
        [ERROR, said, class, retryable, overload, untouched] => {
            let class = match class {
                0 => Class::Success,
                1 => Class::Failure { retryable: retryable == 1, overload: overload == 1 },
                _ => Class::Ignore,
            };
            let untouched = untouched == 1;
            let error = ServiceError { kind: kind(said)?, class, untouched, blame: None };
            Some(Err(Failure::Service(error)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::status::Status;
    use super::*;

    #[test]
    fn what_is_kept_is_given_again() {
        let said = Content { degraded: true, version: 7, kind: Some(Kind::Created), known: true };
        let mut all = vec![Ok(said), Ok(Content::default())];
        let failed = |status| Err(Failure::Service(ServiceError::called(status)));
        all.extend([404, 409, 429, 503].map(|status| failed(Status::Http(status))));
        all.extend([1, 8, 14].map(|code| failed(Status::Grpc(code))));
        for answer in all {
            assert_eq!(decode(&encode(&answer).unwrap()), Some(answer));
        }
        assert_eq!(decode(b"other"), None);
    }
}
