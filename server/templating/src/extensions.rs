//! Filters and functions that the host of templates adds, in JSON: Backstage's, plugins'.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde_json::Value as Json;

use crate::value::Value;

/// A function from JSON to JSON. The text of an error says what the arguments should be.
pub type Run = Arc<dyn Fn(&[Json]) -> Result<Json, String> + Send + Sync>;

/// A filter or function that was added, with what to say about it.
#[derive(Clone)]
pub struct Extension {
    /// What it does, in a sentence.
    pub description: String,
    /// How to write it.
    pub example: String,
    /// What it does. A filter gets its value as the first argument. Values that JSON has no
    /// word for arrive as null.
    pub run: Run,
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extension({})", self.description)
    }
}

/// Filters and functions by name.
#[derive(Clone, Debug, Default)]
pub struct Extensions {
    filters: BTreeMap<String, Extension>,
    functions: BTreeMap<String, Extension>,
}

impl Extensions {
    /// Adds a filter, in place of one of this name.
    #[must_use]
    pub fn with_filter(mut self, name: &str, filter: Extension) -> Self {
        self.filters.insert(name.to_owned(), filter);
        self
    }

    /// Adds a global function, in place of one of this name.
    #[must_use]
    pub fn with_function(mut self, name: &str, function: Extension) -> Self {
        self.functions.insert(name.to_owned(), function);
        self
    }

    /// The filters, by name.
    pub fn described_filters(&self) -> &BTreeMap<String, Extension> {
        &self.filters
    }

    /// The functions, by name.
    pub fn described_functions(&self) -> &BTreeMap<String, Extension> {
        &self.functions
    }

    pub(crate) fn filters(&self) -> impl Iterator<Item = &str> {
        self.filters.keys().map(String::as_str)
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }

    pub(crate) fn has_function(&self, name: &str) -> bool {
        self.functions.contains_key(name)
    }

    pub(crate) fn call_filter(
        &self,
        name: &str,
        arguments: &[Value],
    ) -> Option<Result<Json, String>> {
        Some(call(self.filters.get(name)?, arguments))
    }

    pub(crate) fn call_function(&self, name: &str, arguments: &[Value]) -> Result<Json, String> {
        let function = self
            .functions
            .get(name)
            .ok_or("there is no such function")?;
        call(function, arguments)
    }
}

fn call(extension: &Extension, arguments: &[Value]) -> Result<Json, String> {
    let arguments = arguments
        .iter()
        .map(|it| it.to_json().unwrap_or(Json::Null));
    (extension.run)(&arguments.collect::<Vec<_>>())
}
