//! How to show a field: the `ui:` keys of react-jsonschema-form.

use serde_json::{Map, Value};

/// How to show a field. Unknown hints are kept in `options`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hints {
    /// `ui:widget`: `textarea`, `password`, `radio`, `hidden`, ….
    pub widget: Option<String>,
    /// `ui:field`: a field of the portal's own, such as `OwnerPicker`.
    pub field: Option<String>,
    /// `ui:placeholder`: an example of a value.
    pub placeholder: Option<String>,
    /// `ui:help`: how to fill it in; wins over the description.
    pub help: Option<String>,
    /// `ui:autofocus`: whether one begins here.
    pub autofocus: bool,
    /// `ui:options.rows`: lines of a text area.
    pub rows: Option<u8>,
    /// `ui:options.unit`: what a number counts, such as `MiB`.
    pub unit: Option<String>,
    /// `ui:options.scale`: how many of the value's own unit one `unit` is.
    pub scale: Option<f64>,
    /// `ui:options`, whole.
    pub options: Map<String, Value>,
}

impl Hints {
    pub(super) fn read(schema: &Map<String, Value>) -> Self {
        let options = schema.get("ui:options").and_then(Value::as_object);
        let options = options.cloned().unwrap_or_default();
        // `ui:help` may be written as `help` in the options, too.
        let hint = |name: &str| {
            let own = schema.get(&format!("ui:{name}"));
            own.or_else(|| options.get(name)).cloned()
        };
        let text = |name: &str| hint(name)?.as_str().map(str::to_owned);
        let scale = hint("scale").and_then(|it| it.as_f64());
        Self {
            widget: text("widget"),
            field: text("field"),
            placeholder: text("placeholder"),
            help: text("help"),
            autofocus: hint("autofocus").is_some_and(|it| it == true),
            rows: hint("rows").and_then(|it| u8::try_from(it.as_u64()?).ok()),
            unit: text("unit"),
            scale: scale.filter(|scale| *scale > 0.0),
            options,
        }
    }

    /// Whether it is not shown.
    pub fn hidden(&self) -> bool {
        self.is("hidden")
    }

    /// Whether it asks for a widget.
    pub fn is(&self, widget: &str) -> bool {
        self.widget.as_deref() == Some(widget)
    }
}
