mod ledger;
mod properties;
