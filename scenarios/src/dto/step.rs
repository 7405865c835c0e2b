use schemars::JsonSchema;
use serde::Deserialize;

use super::{Items, Law};

/// A step of the work of an endpoint: exactly one of `compute`, `call` and `parallel`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// Keeps the worker busy.
    pub(crate) compute: Option<Law>,
    /// Calls "service.endpoint", "service endpoint", or "service" if it has only one.
    pub(crate) call: Option<String>,
    /// The policy that the call passes.
    pub(crate) policy: Option<String>,
    /// Branches done at once; each is a step or a list of steps.
    pub(crate) parallel: Option<Items<Branch>>,
}

/// A step or a list of steps; told apart before either is decoded.
#[derive(Clone, Debug)]
pub(crate) struct Branch;

impl JsonSchema for Branch {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Branch".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let step = generator.subschema_for::<Step>();
        let list = generator.subschema_for::<Vec<Step>>();
        schemars::json_schema!({ "anyOf": [step, list] })
    }
}
