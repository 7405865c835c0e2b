use serde_json::Value;

/// A change to a file that leaves it likely to be one of the language: its kind, the place, and what else it needs.
pub(crate) type Edit = (u8, u16, u16, u16);

/// Makes the change; `world` is the file of a seed.
pub(super) fn edit(file: &mut Value, change: Edit, world: impl Fn(u64) -> Value) {
    let (kind, at, other, which) = change;
    let all = places(file);
    let place = nth(&all, at);
    match kind % 4 {
        0 => remove(file, &place),
        1 => {
            let value = file.pointer(&nth(&all, other)).cloned();
            put(file, &place, value);
        }
        2 => {
            let value = file.pointer(&place).and_then(|value| counted(value, other, which));
            put(file, &place, value);
        }
        _ => {
            let key = place.rsplit('/').next().unwrap_or_default();
            let other = world(other.into());
            let alike = places(&other).into_iter().filter(|place| place.ends_with(key));
            let alike: Vec<String> = alike.collect();
            put(file, &place, other.pointer(&nth(&alike, which)).cloned());
        }
    }
}

const UNITS: [&str; 6] = ["ns", "us", "ms", "s", "m", "h"];

/// A number, or that before a unit, is another: any up to 65,535, in a magnitude up to 10⁷ of it, or below zero. A time may
/// have another unit, with few of it.
fn counted(value: &Value, number: u16, scale: u16) -> Option<Value> {
    let number = i64::from(number) * 10_i64.pow(u32::from(scale % 8));
    let number = if scale % 16 == 15 { -number } else { number };
    match value {
        Value::Number(_) => Some(number.into()),
        Value::String(text) => {
            let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let other = UNITS.get(usize::from(scale / 16) % (2 * UNITS.len()));
            match other.filter(|_| UNITS.contains(&unit)) {
                Some(unit) => Some(format!("{}{unit}", number % 10).into()),
                None => Some(format!("{number}{unit}").into()),
            }
        }
        _ => None,
    }
}

fn remove(file: &mut Value, place: &str) {
    let (parent, key) = place.rsplit_once('/').unwrap_or_default();
    match file.pointer_mut(parent) {
        Some(Value::Object(members)) => drop(members.remove(&unescaped(key))),
        Some(Value::Array(all)) => drop(key.parse().map(|key: usize| all.remove(key))),
        _ => {}
    }
}

fn put(file: &mut Value, place: &str, value: Option<Value>) {
    if let (Some(old), Some(value)) = (file.pointer_mut(place), value) {
        *old = value;
    }
}

/// Where every value of a file is, as JSON pointers.
fn places(file: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        let mut below = |key: String, value: &Value| {
            let at = format!("{at}/{key}");
            found.push(at.clone());
            walk(value, &at, found);
        };
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(key, value)| below(escaped(key), value));
            }
            Value::Array(all) => {
                all.iter().enumerate().for_each(|(key, value)| below(key.to_string(), value));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(file, "", &mut found);
    found
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// One of them, or the whole file.
fn nth(places: &[String], number: u16) -> String {
    let place = places.get(usize::from(number) % places.len().max(1));
    place.cloned().unwrap_or_default()
}
