/// A quantity read from a string with a unit; a bare number is told which unit it lacks.
macro_rules! quantity {
    ($name:ident, $expected:literal, $example:literal, $pattern:literal, $doc:literal) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl Visitor {
                    fn bare<E: serde::de::Error>(number: impl std::fmt::Display) -> E {
                        let help = $name::hint(&number.to_string());
                        E::custom(crate::decode::carry(
                            "S007",
                            &format!("the number {number} has no unit; {} belongs here", $expected),
                            &help,
                        ))
                    }
                }
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        $name::parse(text).map_err(|wrong| {
                            E::custom(crate::decode::carry(wrong.code, &wrong.message, &wrong.help))
                        })
                    }
                    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<$name, E> {
                        Err(Self::bare(number))
                    }
                    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<$name, E> {
                        Err(Self::bare(number))
                    }
                    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<$name, E> {
                        Err(Self::bare(number))
                    }
                }
                from.deserialize_any(Visitor)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": $doc,
                    "pattern": $pattern,
                    "examples": [$example],
                })
            }
        }
    };
}

pub(super) use quantity;
