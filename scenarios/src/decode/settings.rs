/// The object that a configuration of another crate is read from. Its defaults are those of its
/// type and are shown, but that `=> "words"` says them otherwise; `then` brings those in line that
/// depend on what is given.
macro_rules! settings {
    (
        $(#[doc = $about:literal])+
        $name:literal for $config:ty {$(
            $(#[doc = $help:literal])+
            $field:ident $(as $key:literal)? : $form:ty $(=> $words:expr)?
        ),* $(,)?}
        $(then $settle:expr)?
    ) => {
        impl $crate::decode::Decode for $config {
            type Value = Self;

            fn decode(
                node: &$crate::text::Node,
                report: &mut $crate::diagnostics::Report,
            ) -> Option<Self> {
                let mut value = Self::default();
                Self::update(&mut value, node, report).map(|()| value)
            }

            fn update(
                value: &mut Self,
                node: &$crate::text::Node,
                report: &mut $crate::diagnostics::Report,
            ) -> Option<()> {
                use $crate::decode::object;
                let known = [$(object!(@key $field $($key)?)),*];
                let mut object =
                    $crate::decode::Object::open(node, Self::shape(), &known, report)?;
                $(object.update::<$form>(
                    object!(@key $field $($key)?),
                    &mut value.$field,
                    report,
                );)*
                $(
                    let settle: fn(&mut Self, &$crate::text::Node) = $settle;
                    settle(value, node);
                )?
                object.close(|| Some(()))
            }

            fn shape() -> $crate::decode::Shape {
                use $crate::decode::object;
                $crate::decode::Shape::Object($crate::decode::Def {
                    name: $name,
                    about: concat!($($about),+),
                    parts: || {
                        let default = Self::default();
                        vec![$($crate::decode::Field {
                            key: object!(@key $field $($key)?),
                            about: concat!($($help),+),
                            shape: <$form as $crate::decode::Decode>::shape(),
                            absent: object!(@absent $form = default.$field $(=> $words)?),
                        }),*]
                    },
                })
            }
        }
    };
}

pub(crate) use settings;
