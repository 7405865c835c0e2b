use super::World;

/// The service and the endpoint that a text means: a service that has only one endpoint, or a
/// service and an endpoint with a dot or a space between them. Of several ways to cut it the first
/// counts whose service is known.
pub(crate) fn resolve<'a>(
    text: &'a str,
    known: &[(&'a str, &'a [String])],
) -> Option<(&'a str, &'a str)> {
    let find = |name: &str| known.iter().find(|(known, _)| *known == name);
    if let Some((name, endpoints)) = find(text) {
        let [only] = endpoints else { return None };
        return Some((name, only));
    }
    let cuts = text.char_indices().filter(|(_, c)| matches!(c, '.' | ' '));
    let (at, (name, endpoints)) =
        cuts.into_iter().find_map(|(at, _)| Some((at, find(&text[..at])?)))?;
    let rest = text[at + 1..].trim_start();
    endpoints.iter().find(|endpoint| *endpoint == rest).map(|endpoint| (*name, endpoint.as_str()))
}

impl World {
    /// The replicas that a selector means, by the name of their service.
    pub(crate) fn replicas(&self, selector: &str) -> Vec<(&str, u64)> {
        let every = |name: &str| -> Vec<(&str, u64)> {
            let (name, service) =
                self.services.get_key_value(name).expect("a selector names a service");
            (0..service.replicas).map(|replica| (name.as_str(), replica)).collect()
        };
        if self.services.contains_key(selector) {
            return every(selector);
        }
        let mut found: Vec<_> = self.services.keys().flat_map(|name| every(name)).collect();
        for word in selector.split_whitespace() {
            if let Some((label, value)) = word.split_once('=') {
                found.retain(|(name, replica)| self.is_labelled(name, *replica, label, value));
            } else if self.services.contains_key(word) {
                found.retain(|(name, _)| *name == word);
            } else {
                found.retain(|(name, replica)| format!("{name}/{replica}") == word);
            }
        }
        found
    }

    fn is_labelled(&self, name: &str, replica: u64, label: &str, value: &str) -> bool {
        let values = self.services[name].labels.get(label);
        values.is_some_and(|values| values[replica as usize % values.len()] == value)
    }
}
