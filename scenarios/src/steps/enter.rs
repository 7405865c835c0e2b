use cascadia_models::plan;

use super::StepKind;
use super::place::Place;
use crate::decode::{Text, object};
use crate::diagnostics::Diagnostic;
use crate::nearest::suggestion;

/// The largest amount, of which every number is exact.
const MOST: f64 = 1e12;

object! {
    /// Adds something to a ledger, or takes it from there. Where there is not enough the request fails, as HTTP's 409 does, unless
    /// it takes back a step of a saga. At an endpoint that does commands of sagas once it happens with all that is done, or not at all.
    pub(super) struct Enter {
        /// The ledger.
        _ledger as "enter": Text,
        /// How much is added: a whole number, below zero where it is taken.
        amount: f64,
    }
}

impl StepKind for Enter {
    fn plan(&self, place: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        let amount = self.amount;
        if amount.fract() != 0.0 || amount == 0.0 || amount.abs() > MOST {
            let message = format!("{amount} cannot be entered");
            let span = place.node.span_of("amount");
            let diagnostic = Diagnostic::error("S030", message).at(span, "out of range");
            place.report.push(diagnostic.help("write a whole number other than 0, such as -1"));
        }
        let node = place.node.get("enter")?;
        let (name, ledgers) = (node.text()?, &place.names.ledgers);
        if let Some(ledger) = ledgers.get(name) {
            return Some(plan::Step::Enter { ledger: *ledger, amount: amount as i64 });
        }
        let diagnostic = Diagnostic::error("S049", format!("there is no ledger `{name}`"))
            .at(node.span, "no such ledger")
            .maybe_help(suggestion(name, ledgers.keys().copied()));
        place.report.push(diagnostic);
        None
    }
}
