use cascadia_patterns::saga::SagaId;

/// The saga that a request begins, by the key of that, which all its tries have.
pub(super) fn id_of(request: u64) -> SagaId {
    format!("{request:016x}").into()
}

/// The key of the request that has begun a saga.
pub(super) fn request_of(saga: &SagaId) -> u64 {
    u64::from_str_radix(saga.as_str(), 16).unwrap_or_default()
}
