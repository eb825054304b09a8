//! Templates inside JSON.

use serde_json::{Map, Value as Json};

use crate::{Context, Engine, Place, Result, error::Problem, error::TemplateError};

/// How deep JSON is gone into.
const MAX_DEPTH: usize = 100;

impl Engine {
    /// Renders every text in a JSON value. Keys stay as they are. A lone expression keeps its
    /// type; one without a value is left out of an object, and is null in a list and alone.
    ///
    /// Fails with the first error; its place names the field, as in `values.tags[2]`.
    pub fn render_value(&self, value: &Json, context: &Context) -> Result<Json> {
        let rendered = self.rendered(value, context, 0)?;
        Ok(rendered.unwrap_or(Json::Null))
    }

    fn rendered(&self, value: &Json, context: &Context, depth: usize) -> Result<Option<Json>> {
        if depth > MAX_DEPTH {
            let (what, most) = ("the value nests", MAX_DEPTH);
            return Err(TemplateError {
                place: Place::default(),
                problem: Problem::TooDeep { what, most },
            });
        }
        Ok(Some(match value {
            Json::String(text) => return self.evaluate(text, context),
            Json::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    let item = self.rendered(item, context, depth + 1);
                    let item = item.map_err(|error| error.within(&format!("[{at}]")))?;
                    list.push(item.unwrap_or(Json::Null));
                }
                Json::Array(list)
            }
            Json::Object(fields) => {
                let mut object = Map::new();
                for (name, field) in fields {
                    let field = self.rendered(field, context, depth + 1);
                    if let Some(field) = field.map_err(|error| error.within(name))? {
                        object.insert(name.clone(), field);
                    }
                }
                Json::Object(object)
            }
            other => other.clone(),
        }))
    }
}
