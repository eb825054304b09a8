//! Forms from JSON Schemas, and files.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{Side, Specimen};
use crate::components::{FileDrop, FormState, SchemaForm};

pub(super) fn section() -> impl IntoView {
    view! {
        <Specimen title="JSON Schema form">{form()}</Specimen>
        <Specimen title="File">{file()}</Specimen>
    }
}

fn form() -> impl IntoView {
    let value =
        json!({"port": 70_000, "tags": ["orders"], "labels": {"tier": "gold"}, "owner": {}});
    let form = FormState::new(Side::current().id("schema"), &schema(), &value);
    view! {
        <div class="gallery-form">
            <SchemaForm form label="Service"/>
        </div>
    }
}

/// Every kind of field, and a port that is too large.
fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["name", "exposure"],
        "properties": {
            "name": {"type": "string", "description": "Lower-case letters and digits.", "pattern": "^[a-z0-9]+$"},
            "notes": {"type": "string", "ui:widget": "textarea", "ui:options": {"rows": 2}},
            "port": {"type": "integer", "minimum": 1, "maximum": 65_535},
            "memory": {"type": "integer", "default": 67_108_864, "ui:options": {"unit": "MiB", "scale": 1_048_576}},
            "sku": {"enum": ["basic", "standard"], "enumNames": ["One node", "Two nodes"]},
            "exposure": {"enum": ["internal", "public"], "default": "internal", "ui:widget": "radio"},
            "public": {"type": "boolean", "title": "Has a page of its own"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "regions": {
                "type": "array", "uniqueItems": true, "default": ["west"],
                "items": {"enum": ["west", "north", "east"]}
            },
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "owner": {
                "type": "object", "description": "Who is called at night.", "required": ["team"],
                "properties": {"team": {"type": "string"}, "mail": {"type": "string", "format": "email"}}
            },
            "extra": {"description": "Anything else."}
        }
    })
}

fn file() -> impl IntoView {
    view! {
        <FileDrop
            id=Side::current().id("file")
            label="Drop a file here, or choose one"
            help="One .wasm file of 67 MB at most."
            accept=".wasm"
            on_file=|_| ()
        />
    }
}
