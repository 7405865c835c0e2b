use cascadia_runtime::Wall;
use proptest::prelude::*;

use crate::messaging::Bytes;
use crate::saga::codec::{decode_entry, encode_entry};
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
    fn an_entry_is_read_as_it_was_written(at: u64, epoch: u64, record in record(), place: u64) {
        let entry = Entry { at: Wall::from_nanos(at), epoch: Epoch(epoch), record };
        let bytes = encode_entry(place, &entry);
        prop_assert_eq!(decode_entry(place, &bytes), Ok(entry));
        prop_assert!(decode_entry(place ^ 1, &bytes).is_err(), "it is of another place");
        for at in 0..bytes.len() {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 1;
            prop_assert!(decode_entry(place, &spoilt).is_err());
        }
    }
}
