use cascadia_models::plan::{LayerId, LayerPlan, StackPlan};

use crate::layers::PolicyEl;
use crate::names::Names;
use crate::nearest::suggestion;
use crate::read::File;
use crate::text::Node;

/// Finds the layer that a check means.
pub(super) struct Layers<'a, 'f> {
    pub(super) file: &'a File<'f>,
    pub(super) names: &'a Names<'f>,
    pub(super) stacks: &'a [StackPlan],
}

/// What the part of a timeout is called that goes by the connection.
const CONNECTION: &str = "connection";

/// Why there is no such layer, and what to write.
pub(super) struct Unknown {
    pub(super) message: String,
    pub(super) help: String,
    /// Something is wrong with a layer of the policy, which may be the one that is meant.
    pub(super) is_doubtful: bool,
}

impl Layers<'_, '_> {
    /// The layer `policy.kind`, or `policy[i].kind` where the policy has several of the kind.
    pub(super) fn find(&self, text: &str) -> Result<LayerId, Unknown> {
        let Some((path, kind)) = text.rsplit_once('.') else {
            return unknown(format!("`{text}` names no layer of a policy"), None);
        };
        let (name, place) = place(path);
        let Some((stack, _)) = self.names.stacks.get(name) else {
            let near = suggestion(name, self.names.stacks.keys().copied());
            return unknown(format!("there is no policy `{name}`"), near);
        };
        let policy = &self.file.policies[stack.0 as usize];
        let plan = &self.stacks[stack.0 as usize];
        let meant = |at: usize| place.is_none_or(|place| place == at);
        let alike: Vec<usize> = kinds(policy, plan)
            .filter(|(at, other)| *other == kind && meant(*at))
            .map(|(at, _)| at)
            .collect();
        match alike[..] {
            [only] => Ok(LayerId { stack: *stack, layer: index(plan, only, kind) as u32 }),
            [] => {
                let others = kinds(policy, plan).filter(|(at, _)| meant(*at));
                let near = suggestion(kind, others.map(|(_, other)| other));
                let is_doubtful = policy.layers.iter().any(|(_, layer)| layer.is_none());
                unknown(format!("policy `{path}` has no layer `{kind}`"), near)
                    .map_err(|unknown| Unknown { is_doubtful, ..unknown })
            }
            [first, ..] => {
                let help = format!("write `{name}[{first}].{kind}` for the first");
                unknown(format!("policy `{name}` has several layers `{kind}`"), Some(help))
            }
        }
    }
}

fn unknown(message: String, help: Option<String>) -> Result<LayerId, Unknown> {
    let usual = || "write `policy.layer`, as in \"standard.retry.denied < 10/s\"".to_owned();
    Err(Unknown { message, help: help.unwrap_or_else(usual), is_doubtful: false })
}

/// The name and the number in `standard[2]`.
fn place(path: &str) -> (&str, Option<usize>) {
    let numbered = path.strip_suffix(']').and_then(|path| path.rsplit_once('['));
    match numbered.and_then(|(name, number)| Some((name, number.parse().ok()?))) {
        Some((name, place)) => (name, Some(place)),
        None => (path, None),
    }
}

/// The layers of a policy by their position. Those of a timeout that go by the connection have two
/// names: that in the file, and that in the results.
fn kinds<'a>(
    policy: &'a PolicyEl<'_>,
    plan: &'a StackPlan,
) -> impl Iterator<Item = (usize, &'a str)> + Clone {
    let kind = |node: &'a Node| node.members().first().map_or("", |member| member.key.as_str());
    let connection = |(index, layer)| is_connection(layer).then(|| plan.position(index));
    let connections = plan.layers.iter().enumerate().filter_map(connection);
    let written = policy.layers.iter().map(move |(node, _)| kind(node)).enumerate();
    written.chain(connections.map(|position| (position, CONNECTION)))
}

fn is_connection(layer: &LayerPlan) -> bool {
    layer.kind() == CONNECTION
}

/// The layer of the plan that stands at a position of the policy. Where a layer has the wrong shape
/// there is none, and no run.
fn index(plan: &StackPlan, position: usize, kind: &str) -> usize {
    let is_meant = |(index, layer): (usize, &LayerPlan)| {
        plan.position(index) == position && (kind != CONNECTION || is_connection(layer))
    };
    plan.layers.iter().enumerate().position(is_meant).unwrap_or_default()
}
