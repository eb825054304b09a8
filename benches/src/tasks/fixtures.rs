//! The templates that are measured, and a configuration that has them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// How many templates there are.
pub(super) const TEMPLATES: usize = 3;

/// Writes the templates, and a configuration on SQLite or a PostgreSQL database.
pub(super) fn write(folder: &Path, database: Option<&str>) -> Result<PathBuf> {
    let templates = folder.join("templates");
    skeleton(&templates.join("three-steps/skeleton"), 30)?;
    skeleton(&templates.join("thousand-files/skeleton"), 1_000)?;
    let rendering = json!({
        "id": "render", "action": "fetch:template",
        "input": {"url": "./skeleton", "values": {"name": "${{ parameters.name }}", "port": 8080}},
    });
    let three = json!([
        rendering,
        {"id": "rename", "action": "fs:rename",
         "input": {"files": [{"from": "file-0.txt", "to": "${{ parameters.name }}.txt"}]}},
        {"id": "say", "action": "debug:log", "input": {"message": "${{ parameters.name }}"}},
    ]);
    template(&templates, "three-steps", &three)?;
    template(&templates, "thousand-files", &json!([rendering]))?;
    let dotnet = std::path::absolute(super::example("templates/dotnet-service/template.yaml"))?;
    let database = match database {
        None => String::new(),
        Some(url) => format!("  database: {{ client: pg, connection: '{url}' }}\n"),
    };
    let config = format!(
        "app: {{ title: Bench }}\nbackend:\n  listen: 127.0.0.1:0\n{database}catalog:\n  rules: \
         [{{ allow: [Component, API, Resource, System, Group, User, Location, Template] }}]\n  \
         locations:\n    - {{ type: file, target: '{}/*/template.yaml' }}\n    - {{ type: file, \
         target: '{}' }}\n    - {{ type: file, target: ./organisation.yaml }}\n",
        templates.display(),
        dotnet.display(),
    );
    fs::write(folder.join("organisation.yaml"), ORGANISATION)?;
    let file = folder.join("portico.yaml");
    fs::write(&file, config)?;
    Ok(file)
}

/// Entities of [`ORGANISATION`].
pub(super) const NAMED: usize = 2;

/// What the form of a service names.
const ORGANISATION: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: bench }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: bench }
spec: { owner: bench }
";

fn template(folder: &Path, name: &str, steps: &Value) -> Result<()> {
    let entity = json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": name},
        "spec": {
            "type": "service",
            "parameters": {"required": ["name"], "properties": {"name": {"type": "string"}}},
            "steps": steps,
        },
    });
    let file = folder.join(name).join("template.yaml");
    fs::write(&file, entity.to_string()).with_context(|| file.display().to_string())
}

/// Files of about a kilobyte, with a few expressions each.
fn skeleton(folder: &Path, files: usize) -> Result<()> {
    fs::create_dir_all(folder)?;
    let line =
        "The service ${{ values.name }} listens on ${{ values.port }}; nothing else to say.\n";
    let text = line.repeat(4) + &"A line without expressions, as most lines are.\n".repeat(14);
    for number in 0..files {
        fs::write(folder.join(format!("file-{number}.txt")), &text)?;
    }
    Ok(())
}

/// What the form of a template gives; another name for each number.
pub(super) fn values(template: &str, number: usize) -> Value {
    match template {
        "dotnet-service" => json!({
            "name": format!("bench-{}", letters(number)),
            "description": "Measured, not used.",
            "owner": "group:default/bench", "system": "system:default/bench",
            "tier": "tier-2", "region": "westeurope", "dotnet": "10.0", "database": "sql",
            "cache": true, "host": "local", "pipeline": "github",
        }),
        _ => json!({"name": format!("bench-{number}")}),
    }
}

/// A number as letters, for names without digits at the front of a part.
fn letters(mut number: usize) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return text;
        }
    }
}
