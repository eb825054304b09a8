//! Keeping secrets out of what is told.

use serde_json::Value;

/// Shorter ones would take ordinary words out of every line.
const SHORTEST: usize = 3;

/// Takes secrets out of texts. Clones share nothing, and need not: secrets are known when a
/// task starts.
#[derive(Clone, Debug, Default)]
pub struct Redactor(Vec<String>);

impl Redactor {
    /// Takes out every text in a JSON value, and the lines of those that have several.
    pub fn new(secrets: &Value) -> Self {
        let mut texts = Vec::new();
        collect(secrets, &mut texts);
        // Longer ones first, so that one that holds another goes as a whole.
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts.dedup();
        Self(texts)
    }

    /// The text, with `***` for each secret.
    pub fn redact(&self, text: &str) -> String {
        let start = text.to_owned();
        self.0
            .iter()
            .fold(start, |text, secret| text.replace(secret, "***"))
    }

    /// Whether a text is a secret, as a whole.
    pub(crate) fn is_secret(&self, text: &str) -> bool {
        self.0.iter().any(|secret| secret == text)
    }

    /// The same for every text in a JSON value.
    pub fn redact_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.redact(text)),
            Value::Array(items) => items.iter().map(|it| self.redact_value(it)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter();
                Value::Object(
                    fields
                        .map(|(name, it)| (name.clone(), self.redact_value(it)))
                        .collect(),
                )
            }
            other => other.clone(),
        }
    }
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let lines = text.lines().map(str::trim);
            let parts = std::iter::once(text.as_str()).chain(lines);
            into.extend(parts.filter(|it| it.len() >= SHORTEST).map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|it| collect(it, into)),
        Value::Object(fields) => fields.values().for_each(|it| collect(it, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_taken_out() {
        let redactor = Redactor::new(&json!({"a": "hunter2", "b": ["hunter22\nline"], "c": "x"}));
        assert_eq!(redactor.redact("hunter22 hunter2 line x"), "*** *** *** x");
        assert_eq!(
            redactor.redact_value(&json!({"k": ["hunter2"]})),
            json!({"k": ["***"]})
        );
    }
}
