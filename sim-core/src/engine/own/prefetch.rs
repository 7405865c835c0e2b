use std::ptr::NonNull;

/// Brings what is at `place` nearer to the processor, so that a later look does not wait.
#[inline]
pub(super) fn prefetch<T: ?Sized>(place: NonNull<T>) {
    #[cfg(target_arch = "x86_64")]
    #[expect(
        unsafe_code,
        reason = "a prefetch reads nothing and cannot fault, whatever its address"
    )]
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(place.as_ptr().cast_const().cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
