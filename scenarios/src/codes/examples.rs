//! What each code is told of, and how it is right.

/// The scenario that examples change.
pub const SHOP: &str = include_str!("shop.json");

/// A mistake that a code is told of, and the same without it. Each line is a change of [`SHOP`] as `--set` makes it, or
/// the variant that is asked for. What begins with a bracket is a whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What the code is told of.
    pub wrong: &'static str,
    /// What nothing is told of.
    pub right: &'static str,
}

macro_rules! examples {
    ($($code:literal $wrong:literal => $right:literal)*) => {
        const EXAMPLES: &[(&str, Example)] =
            &[$(($code, Example { wrong: $wrong, right: $right })),*];
    };
}

/// The example of a code. What a component of one's own refuses has none, and neither has what only a long file does.
pub fn example(code: &str) -> Option<Example> {
    EXAMPLES.iter().find(|(known, _)| *known == code).map(|(_, example)| *example)
}

examples! {
    "S001" "{ 'version': 1 }" => r#"load.visitors.priority=0"#
    "S002" "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ 1 ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
        => r#"services.db.endpoints.read=[{"compute":"2ms"}]"#
    "S003" r#"load.visitors.open={"poisson":"1/s","poisson":"2/s"}"# => r#"load.visitors.open={"poisson":"2/s"}"#
    "S004" r#"services.db.workers="8""# => "services.db.workers=8"
    "S005" "services.db.wrokers=8" => "services.db.workers=8"
    "S006" "load.visitors.target=null" => r#"load.visitors.target="web GET /""#
    "S007" "run.duration=60" => r#"run.duration="60s""#
    "S008" r#"run.duration="1 fortnight""# => r#"run.duration="14m""#
    "S009" r#"load.visitors.closed={"clients":5}"# => r#"load.visitors.open={"constant":"5/s"}"#
    "S010" r#"policies.usual.balance="fastest""# => r#"policies.usual.balance="p2c""#
    "S011" r#"services.web.endpoints["GET /"]=[{"cache":{"hits":"90%"}}]"#
        => r#"services.web.endpoints["GET /"]=[{"chance":"10%","steps":[{"call":"db.read","policy":"usual"}]}]"#
    "S012" "version=2" => "version=1"
    "S013" "services.db.endpoints={}" => r#"services.db.endpoints={"read":[{"compute":"2ms"}]}"#
    "S020" r#"services.web.endpoints["GET /"][1].call="bd.read""# => r#"services.web.endpoints["GET /"][1].call="db.read""#
    "S021" r#"services.web.endpoints["GET /"][1].call="db.raed""# => r#"services.web.endpoints["GET /"][1].call="db.read""#
    "S022" r#"services.web.endpoints["GET /"][1].policy="usaul""# => r#"services.web.endpoints["GET /"][1].policy="usual""#
    "S023" r#"checks.visitors=["ok > 99% over after slow-bd"]"# => r#"checks.visitors=["ok > 99% over after slow-db"]"#
    "S024" r#"checks.vistors=["ok > 99%"]"# => r#"checks.visitors=["ok > 99%"]"#
    "S025" r#"services.db.endpoints.read=[{"call":"web.GET /"}]"# => r#"services.db.endpoints.read=[{"compute":"2ms"}]"#
    "S026" r#"faults[0].slow.target="db/2""# => r#"faults[0].slow.target="db/1""#
    "S027" r#"load.web={"target":"db","open":{"poisson":"1/s"}}"# => r#"load.readers={"target":"db","open":{"poisson":"1/s"}}"#
    "S030" "services.db.workers=0" => "services.db.workers=1"
    "S031" r#"policies.usual.breaker={"failure_rate":"0%"}"# => r#"policies.usual.breaker={"failure_rate":"50%"}"#
    "S032" r#"services.db.endpoints.read[0].compute={"uniform":{"min":"5ms","max":"1ms"}}"#
        => r#"services.db.endpoints.read[0].compute={"uniform":{"min":"1ms","max":"5ms"}}"#
    "S033" r#"policies.usual=[{"balance":"p2c"},{"balance":"random"},{"timeout":"1s"}]"#
        => r#"policies.usual=[{"balance":"p2c"},{"timeout":"1s"}]"#
    "S034" "policies.door=[{\"balance\":\"p2c\"}]\nservices.db.inbound=\"door\""
        => "policies.door=[{\"bulkhead\":50}]\nservices.db.inbound=\"door\""
    "S035" r#"faults[0].at="70s""# => r#"faults[0].at="40s""#
    "S036" r#"policies.usual=[{"outlier":{"grpc":{}}},{"timeout":"1s"}]"#
        => r#"policies.usual=[{"outlier":{"grpc":{}}},{"balance":"p2c"},{"timeout":"1s"}]"#
    "S037" "policies.door=[{\"singleflight\":{}}]\nservices.db.inbound=\"door\""
        => r#"policies.usual=[{"singleflight":{}},{"timeout":"1s"}]"#
    "S038" r#"policies.usual=[{"balance":"p2c"},{"hedge":"20ms"},{"timeout":"1s"}]"#
        => r#"policies.usual=[{"hedge":"20ms"},{"balance":"p2c"},{"timeout":"1s"}]"#
    "S039" r#"policies.short=[{"fallback":{"call":"db.read","policy":"usual"}},{"timeout":"1s"}]"#
        => r#"policies.short=[{"fallback":{"call":"db.read"}},{"timeout":"1s"}]"#
    "S040" r#"checks.visitors=["ok 99%"]"# => r#"checks.visitors=["ok > 99%"]"#
    "S041" r#"checks.visitors=["p99.9 < 1s"]"# => r#"checks.visitors=["p999 < 1s"]"#
    "S042" r#"checks.visitors=["ok > 99ms"]"# => r#"checks.visitors=["ok > 99%"]"#
    "S043" r#"checks.visitors=["ok > 99% over 0s..3s"]"# => r#"checks.visitors=["ok > 99% over 5s..20s"]"#
    "S044" "faults=null\nchecks.visitors=[\"goodput within 5% of baseline\"]"
        => r#"checks.visitors=["goodput within 5% of baseline over after slow-db"]"#
    "S045" r#"checks.visitors=["usual.hedge.rejected < 1/s"]"# => r#"checks.visitors=["usual.breaker.rejected < 1/s"]"#
    "S047" "stores.orders.replicas=2"
        => "stores.orders={\"replicas\":3,\"read\":\"1ms\",\"write\":\"2ms\",\"keeps\":{\"quorum\":{\"read\":2,\"write\":2}}}"
    "S048" r#"services.web.endpoints["PUT /order"][1].publish="bus.plcaed""#
        => r#"services.web.endpoints["PUT /order"][1].publish="bus.placed""#
    "S049" "sagas.payment.steps=[]"
        => r#"sagas.payment.steps=[{"name":"take","call":"bank.take","undo":"bank.give"}]"#
    "S050" "services..workers=8" => "services.db.workers=8"
    "S051" "services.bd.workers=8" => "services.db.workers=8"
    "S052" "policies.usual=[{\"timeout\":\"2s\"},{\"balance\":\"p2c\"},{\"timeout\":\"1s\"}]\npolicies.usual.timeout=\"3s\""
        => "policies.usual=[{\"timeout\":\"2s\"},{\"balance\":\"p2c\"},{\"timeout\":\"1s\"}]\npolicies.usual[0].timeout=\"3s\""
    "S053" "--variant bsuy" => "--variant busy"
    "S058" r#"checks.visitors=["recovered within 5m after slow-db"]"#
        => r#"checks.visitors=["recovered within 10s after slow-db"]"#
    "S060" r#"load.visitors.open.poisson="1000000000/s""# => r#"load.visitors.open.poisson="1000/s""#
    "S061" "services.db.replicas=200000" => "services.db.replicas=20"
    "S062" r#"run.duration="31d""# => r#"run.duration="1h""#
    "S063" "load.visitors.population=100000000" => "load.visitors.population=1000"
    "S065" "load.visitors.policy=\"usual\"\npolicies.usual.retry.attempts=2000" => "policies.usual.retry.attempts=3"
    "S080" r#"services.spare={"endpoints":{"get":[{"compute":"1ms"}]}}"#
        => "services.spare={\"endpoints\":{\"get\":[{\"compute\":\"1ms\"}]}}\nload.others={\"target\":\"spare\",\"open\":{\"poisson\":\"1/s\"}}"
    "S081" r#"load.visitors.open.poisson="10000/s""# => r#"load.visitors.open.poisson="1000/s""#
    "S082" "policies.usual.retry.attempts=6\nload.visitors.policy=\"usual\"" => "policies.usual.retry.attempts=3"
    "S083" "services.web.endpoints[\"POST /\"]=[{\"compute\":\"1ms\"}]\nload.others={\"target\":\"web POST /\",\"policy\":\"usual\",\"open\":{\"poisson\":\"1/s\"}}"
        => "services.web.endpoints[\"POST /\"]={\"idempotent\":true,\"steps\":[{\"compute\":\"1ms\"}]}\nload.others={\"target\":\"web POST /\",\"policy\":\"usual\",\"open\":{\"poisson\":\"1/s\"}}"
    "S084" r#"policies.usual.timeout="1ms""# => r#"policies.usual.timeout="50ms""#
    "S085" "policies.usual=[{\"hedge\":\"20ms\"},{\"balance\":\"p2c\"},{\"timeout\":\"1s\"}]\nservices.db.replicas=1"
        => "policies.usual=[{\"hedge\":\"20ms\"},{\"balance\":\"p2c\"},{\"timeout\":\"1s\"}]\nservices.db.replicas=2"
    "S086" r#"policies.usual=[{"shed":{"dagor":{}}},{"timeout":"1s"}]"#
        => "policies.door=[{\"shed\":{\"dagor\":{}}}]\nservices.db.inbound=\"door\""
    "S087" r#"policies.usual=[{"hedge":{"tied":true}},{"balance":"p2c"},{"timeout":"1s"}]"#
        => "policies.usual=[{\"hedge\":{\"tied\":true}},{\"balance\":\"p2c\"},{\"timeout\":\"1s\"}]\nservices.db.on_cancel=\"skip_queued\""
    "S088" "services.web.endpoints[\"PUT /order\"][1].id=\"request\"\nservices.mailer.consume[\"bus.placed\"].do=[{\"transaction\":\"orders\",\"policy\":\"short\",\"once\":\"2s\",\"steps\":[{\"write\":\"orders\"}]}]"
        => "services.web.endpoints[\"PUT /order\"][1].id=\"request\"\nservices.mailer.consume[\"bus.placed\"].do=[{\"transaction\":\"orders\",\"policy\":\"short\",\"once\":\"1h\",\"steps\":[{\"write\":\"orders\"}]}]"
    "S089" r#"policies.other=[{"timeout":"1s"}]"# => "policies.other=[{\"timeout\":\"1s\"}]\nload.visitors.policy=\"other\""
    "S090" r#"policies.usual=[{"timeout":"1s"},{"balance":"p2c"},{"breaker":{}}]"#
        => r#"policies.usual=[{"balance":"p2c"},{"breaker":{}},{"timeout":"1s"}]"#
    "S091" r#"policies.usual=[{"timeout":"500ms"},{"retry":{"attempts":3,"budget":{}}},{"timeout":"200ms"}]"#
        => r#"policies.usual=[{"timeout":"600ms"},{"retry":{"attempts":3,"budget":{}}},{"timeout":"200ms"}]"#
    "S092" "policies.usual=[{\"retry\":{\"attempts\":5}},{\"timeout\":\"200ms\"}]\nload.visitors.open.poisson=\"2000/s\""
        => "policies.usual=[{\"retry\":{\"attempts\":5,\"budget\":{}}},{\"timeout\":\"200ms\"}]\nload.visitors.open.poisson=\"2000/s\""
    "S093" r#"policies.usual=[{"breaker":{}},{"bulkhead":20},{"timeout":"1s"}]"#
        => r#"policies.usual=[{"bulkhead":20},{"breaker":{}},{"timeout":"1s"}]"#
    "S094" "faults[0].slow.factor=1" => "faults[0].slow.factor=10"
    "S095" "services.web.endpoints[\"GET /\"][1].policy=null\nload.visitors.policy=\"usual\"\nfaults[0]={\"name\":\"dead\",\"at\":\"20s\",\"crash\":{\"target\":\"db/0\"}}"
        => r#"faults[0]={"name":"dead","at":"20s","crash":{"target":"db/0"}}"#
}
