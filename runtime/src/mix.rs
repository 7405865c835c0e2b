/// The odd number nearest to 2⁶⁴ divided by the golden ratio.
pub(crate) const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Mixes `value` into `state`: every bit of both moves half the bits of the result.
pub const fn mix(state: u64, value: u64) -> u64 {
    finish(finish(state.wrapping_add(GOLDEN)) ^ value.wrapping_mul(GOLDEN))
}

/// The finishing mix of SplitMix64.
pub(crate) const fn finish(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
