/// A value that is either a plain one or an object: `$plain` reads a string, `$object` the object.
macro_rules! string_or_object {
    ($name:ident, $expected:literal, $short:ty, $from_short:expr, $long:ty, $from_long:expr) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
                struct Visitor;
                impl<'de> serde::de::Visitor<'de> for Visitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        use serde::de::IntoDeserializer as _;
                        let plain: Result<$short, E> =
                            serde::Deserialize::deserialize(text.into_deserializer());
                        plain.map($from_short)
                    }
                    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<$name, E> {
                        use serde::de::IntoDeserializer as _;
                        let plain: Result<$short, E> =
                            serde::Deserialize::deserialize(number.into_deserializer());
                        plain.map($from_short)
                    }
                    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<$name, E> {
                        use serde::de::IntoDeserializer as _;
                        let plain: Result<$short, E> =
                            serde::Deserialize::deserialize(number.into_deserializer());
                        plain.map($from_short)
                    }
                    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<$name, E> {
                        use serde::de::IntoDeserializer as _;
                        let plain: Result<$short, E> =
                            serde::Deserialize::deserialize(number.into_deserializer());
                        plain.map($from_short)
                    }
                    fn visit_seq<A: serde::de::SeqAccess<'de>>(
                        self,
                        seq: A,
                    ) -> Result<$name, A::Error> {
                        let plain: Result<$short, A::Error> =
                            serde::Deserialize::deserialize(SeqAccessDeserializer::new(seq));
                        plain.map($from_short)
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        map: A,
                    ) -> Result<$name, A::Error> {
                        let long: Result<$long, A::Error> =
                            serde::Deserialize::deserialize(MapAccessDeserializer::new(map));
                        long.map($from_long)
                    }
                    fn visit_unit<E: serde::de::Error>(self) -> Result<$name, E> {
                        Err(E::invalid_type(serde::de::Unexpected::Unit, &self))
                    }
                }
                from.deserialize_any(Visitor)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let short = generator.subschema_for::<$short>();
                let long = generator.subschema_for::<$long>();
                schemars::json_schema!({ "anyOf": [short, long] })
            }
        }
    };
}

pub(super) use string_or_object;
