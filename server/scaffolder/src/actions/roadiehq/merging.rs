//! How data is merged into data.

use serde_json::Value;

/// Merges `from` into `into`: fields of objects each for itself, and what is no object replaces
/// what was there. Items of lists replace those at the same place, or, with `joins_lists`, are
/// added when they are not there.
pub(super) fn merge(into: &mut Value, from: Value, joins_lists: bool) {
    match (into, from) {
        (Value::Object(fields), Value::Object(more)) => {
            for (name, value) in more {
                match fields.get_mut(&name) {
                    Some(field) => merge(field, value, joins_lists),
                    None => {
                        fields.insert(name, value);
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(more)) if joins_lists => {
            for item in more {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            for (index, value) in more.into_iter().enumerate() {
                match items.get_mut(index) {
                    Some(item) => merge(item, value, joins_lists),
                    None => items.push(value),
                }
            }
        }
        (into, from) => *into = from,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_joined_or_merged_by_place() {
        let old = json!({"a": {"b": 1, "c": [1, {"x": 1}]}, "d": 1});
        let new = json!({"a": {"c": [2, {"y": 2}, 3]}, "d": {"e": null}});
        let mut merged = old.clone();
        merge(&mut merged, new.clone(), false);
        assert_eq!(
            merged,
            json!({"a": {"b": 1, "c": [2, {"x": 1, "y": 2}, 3]}, "d": {"e": null}})
        );
        let mut merged = old;
        merge(&mut merged, new.clone(), true);
        merge(&mut merged, new, true);
        assert_eq!(merged["a"]["c"], json!([1, {"x": 1}, 2, {"y": 2}, 3]));
    }
}
