use cascadia_runtime::Wall;
use proptest::prelude::*;

use crate::messaging::Bytes;
use crate::saga::codec::{decode_entries, encode_entries};
use crate::saga::{Direction, Entry, Epoch, Fault, Record, Stop};

fn record() -> impl Strategy<Value = Record> {
    let direction = || prop::sample::select(Direction::ALL.to_vec());
    let bytes = || prop::collection::vec(any::<u8>(), 0..9).prop_map(Bytes::from);
    let fault = || ("[a-z]{0,5}", "[a-z]{0,5}").prop_map(|(kind, why)| Fault::new(kind, why));
    prop_oneof![
        ("[a-z]{0,5}", any::<u32>(), bytes()).prop_map(|(name, version, input)| Record::Started {
            definition: name.into(),
            version,
            input
        }),
        (direction(), 0..9u32, 1..9u32).prop_map(|(direction, step, attempt)| Record::Intent {
            direction,
            step,
            attempt
        }),
        (direction(), 0..9u32, bytes()).prop_map(|(direction, step, output)| Record::Done {
            direction,
            step,
            output
        }),
        (0..9u32, fault()).prop_map(|(step, fault)| Record::Refused { step, fault }),
        (direction(), 0..9u32, fault(), any::<bool>()).prop_map(
            |(direction, step, fault, is_final)| Record::Failed {
                direction,
                step,
                fault,
                is_final
            }
        ),
        (direction(), 0..9u32, "[a-z]{1,5}").prop_map(|(direction, step, by)| Record::Locked {
            direction,
            step,
            by: by.into()
        }),
        (direction(), 0..9u32).prop_map(|(direction, step)| Record::Unknown { direction, step }),
        ("[a-z]{0,5}", bytes())
            .prop_map(|(name, body)| Record::Signalled { name: name.into(), body }),
        prop::sample::select(vec![Stop::Cancelled, Stop::TimedOut, Stop::Forced])
            .prop_map(Record::Stopped),
        (0..9u32).prop_map(|step| Record::Stuck { step }),
        (0..9u32).prop_map(|step| Record::Skipped { step }),
        prop::sample::select(vec![
            Record::Compensating,
            Record::Retried,
            Record::Completed,
            Record::Compensated
        ]),
    ]
}

proptest! {
    #[test]
    fn entries_are_read_as_they_were_written(
        at: u64,
        epoch: u64,
        records in prop::collection::vec(record(), 0..4),
        place: u64,
    ) {
        let entry = |record| Entry { at: Wall::from_nanos(at), epoch: Epoch(epoch), record };
        let entries: Vec<_> = records.into_iter().map(entry).collect();
        let bytes = encode_entries(place, &entries);
        prop_assert_eq!(decode_entries(place, &bytes), Ok(entries));
        prop_assert!(decode_entries(place ^ 1, &bytes).is_err(), "it is of another place");
        for at in 0..bytes.len() {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 1;
            prop_assert!(decode_entries(place, &spoilt).is_err());
        }
    }
}
