//! The form of a template.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{reader::Reader, step::permission_tags};

/// A page of the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// The heading.
    pub title: Option<String>,
    /// What stands below it, in Markdown.
    pub description: Option<String>,
    /// The JSON Schema of its values, with `ui:*` options where they were written.
    pub schema: Map<String, Value>,
    /// Tags that permission rules look at.
    pub permission_tags: Vec<String>,
}

impl Page {
    /// The top-level fields of the page, in the order written.
    pub fn fields(&self) -> impl Iterator<Item = (&String, &Value)> {
        let properties = self.schema.get("properties").and_then(Value::as_object);
        properties.into_iter().flatten()
    }
}

/// What the buttons of the form say, where not the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ButtonLabels {
    /// `backButtonText`
    pub back: Option<String>,
    /// `createButtonText`
    pub create: Option<String>,
    /// `reviewButtonText`
    pub review: Option<String>,
}

/// Something that changes the form's values before they are sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormDecorator {
    /// Which one.
    pub id: String,
    /// What it gets.
    pub input: Map<String, Value>,
}

/// `parameters`: one page, or a list of them.
pub(super) fn pages(spec: &Reader<'_>) -> Vec<Page> {
    match spec.value("parameters") {
        None => Vec::new(),
        Some(Value::Array(_)) => {
            let pages = spec.objects("parameters").into_iter().enumerate();
            pages
                .map(|(at, page)| read(page, &format!("page {}", at + 1)))
                .collect()
        }
        Some(_) => {
            let page = spec.object("parameters");
            page.map(|page| read(page, "the form"))
                .into_iter()
                .collect()
        }
    }
}

fn read(page: Reader<'_>, unnamed: &str) -> Page {
    let title = page.value("title").and_then(Value::as_str);
    let part = title.map_or_else(|| unnamed.to_owned(), |it| format!("page \"{it}\""));
    let page = page.named(part);
    // Looked at for their types alone.
    page.object("properties");
    page.list("required");
    let mut schema = page.all();
    schema.shift_remove("backstage:permissions");
    Page {
        title: page.text("title"),
        description: page.text("description"),
        schema,
        permission_tags: permission_tags(&page),
    }
}

pub(super) fn buttons(spec: &Reader<'_>) -> ButtonLabels {
    let labels = spec
        .object("presentation")
        .and_then(|it| it.object("buttonLabels"));
    labels.map_or_else(ButtonLabels::default, |labels| ButtonLabels {
        back: labels.text("backButtonText"),
        create: labels.text("createButtonText"),
        review: labels.text("reviewButtonText"),
    })
}

/// `formDecorators`, or its experimental name.
pub(super) fn decorators(spec: &Reader<'_>) -> Vec<FormDecorator> {
    let names = ["formDecorators", "EXPERIMENTAL_formDecorators"];
    let decorators = names.into_iter().flat_map(|name| spec.objects(name));
    decorators
        .map(|it| FormDecorator {
            id: it.required_text("id"),
            input: it.map("input"),
        })
        .collect()
}
