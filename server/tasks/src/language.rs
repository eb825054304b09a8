//! What the language of templates has beyond its own words.

use std::collections::BTreeMap;

use portico_access::{Action, Principal, Resource};
use portico_templating::Extension;
use serde::Serialize;

use crate::{Result, Tasks};

/// Filters and functions, as Backstage's clients read them.
#[derive(Clone, Debug, Serialize)]
pub struct TemplatingExtensions {
    /// By name.
    pub filters: BTreeMap<String, ExtensionView>,
    /// What is there without being asked for.
    pub globals: Globals,
}

/// Functions and values by name.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Globals {
    /// Functions that expressions call.
    pub functions: BTreeMap<String, ExtensionView>,
    /// Values that expressions read.
    pub values: BTreeMap<String, ExtensionView>,
}

/// A filter or a function.
#[derive(Clone, Debug, Serialize)]
pub struct ExtensionView {
    /// What it does, in a sentence.
    pub description: String,
    /// How to write it.
    pub examples: Vec<ExampleView>,
}

/// A line of a template.
#[derive(Clone, Debug, Serialize)]
pub struct ExampleView {
    /// The line.
    pub example: String,
}

impl Tasks {
    /// The filters and functions that templates can use here, beside those of the language.
    pub fn templating_extensions(&self, who: &Principal) -> Result<TemplatingExtensions> {
        self.require(who, Action::TemplateRead, &Resource::Any)?;
        let extensions = self.0.engine.extensions();
        Ok(TemplatingExtensions {
            filters: described(extensions.described_filters()),
            globals: Globals {
                functions: described(extensions.described_functions()),
                values: BTreeMap::new(),
            },
        })
    }
}

fn described(extensions: &BTreeMap<String, Extension>) -> BTreeMap<String, ExtensionView> {
    let views = extensions.iter().map(|(name, it)| {
        let view = ExtensionView {
            description: it.description.clone(),
            examples: vec![ExampleView {
                example: it.example.clone(),
            }],
        };
        (name.clone(), view)
    });
    views.collect()
}
