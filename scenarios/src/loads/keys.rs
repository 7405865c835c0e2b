use cascadia_models::plan;

use crate::decode::{choice, object};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;
use crate::units::Part;

choice! {
    /// What requests are about: one of many keys, which is that of all calls made for the request.
    pub(crate) enum Keys: KeysEl {
        uniform(EvenKeys) => KeysEl::Uniform,
        zipf(ZipfKeys) => KeysEl::Zipf,
        hot_set(HotKeys) => KeysEl::HotSet,
    }
}

/// Keys as they were written.
#[derive(Debug)]
pub(crate) enum KeysEl {
    Uniform(EvenKeys),
    Zipf(ZipfKeys),
    HotSet(HotKeys),
}

object! {
    /// Each key is as likely as any other.
    pub(crate) struct EvenKeys {
        /// How many keys there are.
        of: u32,
    }
}

object! {
    /// A few keys are asked for by most: number k as often as 1/k to the power of the exponent says.
    pub(crate) struct ZipfKeys {
        /// How many keys there are.
        of: u32,
        /// How unequal they are, from 0, not at all, to 20; that of words and of the web is about 1.
        exponent: f64 = 0.99,
    }
}

object! {
    /// Some keys are hot and alike, and the others are not and alike.
    pub(crate) struct HotKeys {
        /// How many keys there are.
        of: u32,
        /// The share of them that is hot, rounded to whole keys, at least one.
        hot: Part,
        /// The share of requests that is about hot ones.
        share: Part,
    }
}

impl KeysEl {
    /// What they are in a plan; what makes no sense is reported. `load` is called `name`.
    pub(crate) fn plan(&self, name: &str, load: &Node, report: &mut Report) -> Option<plan::Keys> {
        let (keys, least) = match *self {
            Self::Uniform(EvenKeys { of }) => (plan::Keys::Uniform { of }, 1),
            Self::Zipf(ZipfKeys { of, exponent }) => (plan::Keys::Zipf { of, exponent }, 1),
            Self::HotSet(HotKeys { of, hot, share }) => {
                let hot = (hot * f64::from(of)).round().clamp(1.0, f64::from(of.max(2) - 1));
                (plan::Keys::HotSet { of, hot: hot as u32, share }, 2)
            }
        };
        let place = load.get("keys").and_then(|keys| keys.members().first());
        let place = place.map_or(load, |kind| &kind.node);
        let mut wrong = |key, message: String, label, help| {
            let diagnostic = Diagnostic::error("S030", message);
            report.push(diagnostic.at(place.span_of(key), label).help(help));
        };
        let (plan::Keys::Uniform { of }
        | plan::Keys::Zipf { of, .. }
        | plan::Keys::HotSet { of, .. }) = keys;
        if of < least {
            let message = format!("load `{name}` has {of} keys");
            wrong("of", message, "too few", format!("write at least {least}, such as 10000"));
            return None;
        }
        match keys {
            plan::Keys::Zipf { exponent, .. } if !(0.0..=20.0).contains(&exponent) => {
                let message = format!("the exponent {exponent} is out of range");
                wrong("exponent", message, "from 0 to 20", "the usual one is 0.99".to_owned());
                None
            }
            keys => Some(keys),
        }
    }
}
