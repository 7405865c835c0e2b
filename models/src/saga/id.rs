use cascadia_patterns::saga::SagaId;

/// The saga that a request begins, by the key of that, which all its tries have.
pub(super) fn id_of(request: u64) -> SagaId {
    let digit = |at: usize| b"0123456789abcdef"[(request >> (60 - 4 * at)) as usize & 0xf];
    let digits: [u8; 16] = std::array::from_fn(digit);
    str::from_utf8(&digits).unwrap_or_default().into()
}

/// The key of the request that has begun a saga.
pub(super) fn request_of(saga: &SagaId) -> u64 {
    u64::from_str_radix(saga.as_str(), 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saga_is_called_as_its_request() {
        for request in [0, 1, 0x0123_4567_89ab_cdef, u64::MAX] {
            let id = id_of(request);
            assert_eq!((id.as_str(), request_of(&id)), (&*format!("{request:016x}"), request));
        }
    }
}
