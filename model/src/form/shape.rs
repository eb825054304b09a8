//! The fields of a schema for what was entered so far.

use serde_json::{Map, Value};

use super::{
    Draft, Field, FieldKind, check,
    resolve::{is_conditional, resolve},
};

/// A value may decide about fields whose defaults decide about others, but not without end.
const MAX_ROUNDS: usize = 8;

/// A schema, and its fields for one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    schema: Value,
    conditional: bool,
    resolved: Value,
    field: Field,
}

impl Shape {
    /// The fields of a schema for a value, and the draft of that value.
    pub fn new(schema: &Value, value: &Value) -> (Self, Draft) {
        let conditional = is_conditional(schema);
        let field = Field::read(schema);
        let mut shape = Self {
            schema: schema.clone(),
            conditional,
            resolved: Value::Null,
            field,
        };
        let draft = Draft::of(&shape.field, Some(value));
        let draft = shape.adapt_to(value.clone()).unwrap_or(draft);
        (shape, draft)
    }

    /// The schema, whatever holds.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// The fields that hold now.
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// Follows a draft that has changed. The draft for the new fields, when they are others.
    pub fn adapt(&mut self, draft: &Draft) -> Option<Draft> {
        if !self.conditional {
            return None;
        }
        let value = valued(&self.field, draft);
        self.adapt_to(value)
    }

    fn adapt_to(&mut self, mut value: Value) -> Option<Draft> {
        if !self.conditional {
            return None;
        }
        let mut adapted = None;
        for _ in 0..MAX_ROUNDS {
            let resolved = resolve(&self.schema, &value);
            if resolved == self.resolved {
                break;
            }
            let field = Field::read(&resolved);
            forget(&mut value, &self.field, &field);
            let draft = Draft::of(&field, Some(&value));
            value = valued(&field, &draft);
            (self.resolved, self.field) = (resolved, field);
            adapted = Some(draft);
        }
        adapted
    }
}

fn valued(field: &Field, draft: &Draft) -> Value {
    let outcome = check(field, draft, &|_, _| true);
    outcome.value.unwrap_or_else(|| Value::Object(Map::new()))
}

/// Takes the values of fields that are gone out of `value`: nobody could see or change them.
fn forget(value: &mut Value, before: &Field, after: &Field) {
    let Value::Object(value) = value else { return };
    let names = |field: &Field| match &field.kind {
        FieldKind::Object(properties) => properties.iter().map(|it| it.name.clone()).collect(),
        _ => Vec::new(),
    };
    let after = names(after);
    for name in names(before) {
        if !after.contains(&name) {
            value.shift_remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(shape: &Shape) -> Vec<&str> {
        match &shape.field().kind {
            FieldKind::Object(properties) => properties.iter().map(|it| it.name.as_str()).collect(),
            other => panic!("{other:?}"),
        }
    }

    fn schema() -> Value {
        json!({
            "properties": {"trigger": {"enum": ["bus", "timer"], "default": "bus"}},
            "dependencies": {"trigger": {"oneOf": [
                {"properties": {"trigger": {"enum": ["bus"]}, "queue": {"type": "string"}}},
                {"properties": {"trigger": {"enum": ["timer"]}, "cron": {"type": "string"}}},
            ]}},
        })
    }

    #[test]
    fn defaults_decide_from_the_beginning() {
        let (shape, _) = Shape::new(&schema(), &json!({}));
        assert_eq!(shown(&shape), ["trigger", "queue"]);
    }

    #[test]
    fn fields_follow_what_is_chosen_and_forget_what_is_gone() {
        let (mut shape, mut draft) = Shape::new(&schema(), &json!({"queue": "orders"}));
        assert_eq!(
            valued(shape.field(), &draft),
            json!({"trigger": "bus", "queue": "orders"})
        );
        *draft.at_mut(&[0]).unwrap() = Draft::Choice(Some(1));
        let draft = shape.adapt(&draft).unwrap();
        assert_eq!(shown(&shape), ["trigger", "cron"]);
        assert_eq!(valued(shape.field(), &draft), json!({"trigger": "timer"}));
        assert_eq!(shape.clone().adapt(&draft), None, "nothing has changed");
    }

    #[test]
    fn plain_schemas_keep_their_fields() {
        let (mut shape, draft) = Shape::new(
            &json!({"properties": {"a": {"type": "string"}}}),
            &json!({}),
        );
        assert_eq!(shape.adapt(&draft), None);
    }
}
