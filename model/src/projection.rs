//! The `fields` parameter: the parts of an entity that a client asks for.

use serde_json::{Map, Value};

/// Fields to keep, such as `kind` and `metadata.annotations.example.com/key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection(Vec<String>);

/// A field that cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid field \"{0}\": items of lists cannot be chosen; ask for the whole list")]
pub struct ProjectionError(String);

impl Projection {
    /// Reads `fields` parameters, each a list separated by commas; `None` when
    /// they name no field, which asks for everything.
    pub fn parse<S: AsRef<str>>(params: &[S]) -> Result<Option<Self>, ProjectionError> {
        let mut fields: Vec<String> = Vec::new();
        for field in params
            .iter()
            .flat_map(|param| param.as_ref().split(','))
            .map(str::trim)
        {
            if field.contains('[') {
                return Err(ProjectionError(field.to_owned()));
            }
            if !field.is_empty() && !fields.iter().any(|known| known == field) {
                fields.push(field.to_owned());
            }
        }
        Ok((!fields.is_empty()).then_some(Self(fields)))
    }

    /// The chosen fields of an object, in the order they were asked for.
    pub fn apply(&self, object: &Map<String, Value>) -> Map<String, Value> {
        let mut chosen = Map::new();
        for field in &self.0 {
            if let Some((path, value)) = find(object, field) {
                put(&mut chosen, &path, value);
            }
        }
        chosen
    }

    /// Whether a top-level field, such as `relations`, is needed at all.
    pub fn needs(&self, root: &str) -> bool {
        self.0.iter().any(|field| {
            field
                .strip_prefix(root)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

/// Follows a dotted field. A key may hold dots itself: the shortest key that
/// exists is followed first.
fn find<'a>(object: &'a Map<String, Value>, field: &'a str) -> Option<(Vec<&'a str>, &'a Value)> {
    let mut path = Vec::new();
    let mut object = object;
    let mut rest = field;
    loop {
        let ends = rest
            .match_indices('.')
            .map(|(at, _)| at)
            .chain([rest.len()]);
        let (key, value) = ends
            .map(|end| &rest[..end])
            .find_map(|key| object.get(key).map(|value| (key, value)))?;
        path.push(key);
        if key.len() == rest.len() {
            return Some((path, value));
        }
        rest = &rest[key.len() + 1..];
        object = value.as_object()?;
    }
}

fn put(chosen: &mut Map<String, Value>, path: &[&str], value: &Value) {
    match path {
        [] => {}
        [last] => {
            chosen.insert((*last).to_owned(), value.clone());
        }
        [first, rest @ ..] => {
            let below = chosen
                .entry(*first)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                put(below, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn project(fields: &[&str]) -> Value {
        let entity = json!({
            "kind": "Component",
            "metadata": {
                "name": "web",
                "tags": ["a", "b"],
                "annotations": {"example.com/key": "x", "a.b": {"c.d": 1}},
            },
            "spec": {"type": "service", "nothing": null},
        });
        let projection = Projection::parse(fields).unwrap().unwrap();
        Value::Object(projection.apply(entity.as_object().unwrap()))
    }

    #[test]
    fn fields_are_chosen() {
        assert_eq!(
            project(&[
                "kind, metadata.name",
                "spec.nothing",
                "spec.missing",
                "metadata.tags"
            ]),
            json!({
                "kind": "Component",
                "metadata": {"name": "web", "tags": ["a", "b"]},
                "spec": {"nothing": null},
            })
        );
    }

    #[test]
    fn keys_may_hold_dots() {
        assert_eq!(
            project(&[
                "metadata.annotations.example.com/key",
                "metadata.annotations.a.b.c.d"
            ]),
            json!({"metadata": {"annotations": {"example.com/key": "x", "a.b": {"c.d": 1}}}})
        );
    }

    #[test]
    fn a_field_inside_a_chosen_one_changes_nothing() {
        assert_eq!(
            project(&["spec", "spec.type"]),
            json!({"spec": {"type": "service", "nothing": null}})
        );
        assert_eq!(project(&["metadata.name.deeper", "kind.x"]), json!({}));
    }

    #[test]
    fn nothing_asked_for_is_everything() {
        assert_eq!(Projection::parse(&["", " , "]), Ok(None));
        assert!(Projection::parse(&["spec[0]"]).is_err());
    }

    #[test]
    fn needed_fields_are_known() {
        let projection = Projection::parse(&["relations.type,kind"])
            .unwrap()
            .unwrap();
        assert!(projection.needs("relations") && projection.needs("kind"));
        assert!(!projection.needs("rel") && !projection.needs("metadata"));
    }
}
