//! What a template shows when it is done.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Condition, reader::Reader, step::condition};

/// Links, texts and other values, with expressions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Where to go from here.
    pub links: Vec<OutputLink>,
    /// What to read.
    pub text: Vec<OutputText>,
    /// Everything else, for programs.
    pub others: Map<String, Value>,
}

/// A link to an address or an entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputLink {
    /// When it is shown; always unless written.
    #[serde(rename = "if")]
    pub condition: Option<Condition>,
    /// What it says.
    pub title: Option<String>,
    /// The name of an icon.
    pub icon: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
    /// The entity it leads to.
    pub entity_ref: Option<String>,
}

/// A text in Markdown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputText {
    /// When it is shown; always unless written.
    #[serde(rename = "if")]
    pub condition: Option<Condition>,
    /// The heading.
    pub title: Option<String>,
    /// The name of an icon.
    pub icon: Option<String>,
    /// The text.
    pub content: Option<String>,
}

pub(super) fn output(spec: &Reader<'_>) -> Output {
    let Some(output) = spec.object("output") else {
        return Output::default();
    };
    let links = output.objects("links").into_iter().map(|link| OutputLink {
        condition: condition(&link),
        title: link.text("title"),
        icon: link.text("icon"),
        url: link.text("url"),
        entity_ref: link.text("entityRef"),
    });
    let text = output.objects("text").into_iter().map(|text| OutputText {
        condition: condition(&text),
        title: text.text("title"),
        icon: text.text("icon"),
        content: text.text("content"),
    });
    let (links, text) = (links.collect(), text.collect());
    let mut others = output.all();
    others.retain(|name, _| name != "links" && name != "text");
    Output {
        links,
        text,
        others,
    }
}
