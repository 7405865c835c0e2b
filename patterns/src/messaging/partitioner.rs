/// The hash by which the producers of Kafka distribute keys: MurmurHash2 of Austin Appleby, 32 bits wide, with the seed
/// 0x9747b28c.
///
/// It says where a key is for as long as its topic lives, so it never changes.
pub fn key_hash(key: &[u8]) -> u32 {
    const FACTOR: u32 = 0x5bd1_e995;
    const SEED: u32 = 0x9747_b28c;
    let spread = |word: u32| {
        let word = word.wrapping_mul(FACTOR);
        (word ^ (word >> 24)).wrapping_mul(FACTOR)
    };
    let (words, rest) = key.as_chunks::<4>();
    let start = SEED ^ key.len() as u32;
    let mut hash = words
        .iter()
        .fold(start, |hash, word| hash.wrapping_mul(FACTOR) ^ spread(u32::from_le_bytes(*word)));
    if !rest.is_empty() {
        let last = rest.iter().rev().fold(0, |last, byte| last << 8 | u32::from(*byte));
        hash = (hash ^ last).wrapping_mul(FACTOR);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(FACTOR);
    hash ^ (hash >> 15)
}

/// The partition of a key in a topic that has so many: the same as with Kafka's own producers.
///
/// A topic that is given more partitions has its keys elsewhere from then on, and what was of one
/// order before is not any more.
///
/// # Panics
///
/// Where there are none.
pub fn partition_of(key: &[u8], partitions: u32) -> u32 {
    (key_hash(key) & 0x7fff_ffff) % partitions
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the tests of Kafka have for its `Utils.murmur2`.
    #[test]
    fn a_key_is_where_kafka_puts_it() {
        let known = [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ];
        for (key, hash) in known {
            assert_eq!(key_hash(key.as_bytes()) as i32, hash, "{key}");
        }
    }

    #[test]
    fn keys_are_spread_over_all_partitions() {
        let mut counts = [0; 12];
        (0..12_000).for_each(|key| {
            counts[partition_of(format!("order-{key}").as_bytes(), 12) as usize] += 1;
        });
        assert!(counts.iter().all(|count| (800..1_200).contains(count)), "{counts:?}");
    }
}
