//! Pipelines of golden paths fit the schemas that GitHub and Azure publish, as `check-jsonschema`
//! carries them. `cargo xtask test` installs it and says where it is.

use std::{fs, path::Path, process::Command};

use portico_testkit::on_each_engine;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    files::{File, rendered},
    portal, yaml,
};

/// Where `check-jsonschema` is.
const PROGRAM: &str = "PORTICO_CHECK_JSONSCHEMA";

/// Whether a schema is for the file at a path.
type IsFor = fn(&str) -> bool;

/// Each schema, and the files it is for.
const SCHEMAS: [(&str, IsFor); 3] = [
    ("vendor.github-workflows", |path| {
        path.starts_with(".github/workflows/")
    }),
    ("vendor.dependabot", |path| path == ".github/dependabot.yml"),
    ("vendor.azure-pipelines", |path| {
        path == "azure-pipelines.yml" || path.starts_with("pipelines/")
    }),
];

/// Azure's schema has texts where its documentation has numbers, and Azure takes both.
fn numbers_as_texts(value: Value) -> Value {
    match value {
        Value::Number(number) => number.to_string().into(),
        Value::Array(all) => all.into_iter().map(numbers_as_texts).collect(),
        Value::Object(all) => {
            let all = all.into_iter();
            Value::Object(all.map(|(key, it)| (key, numbers_as_texts(it))).collect())
        }
        value => value,
    }
}

/// Writes files as JSON, one folder for each schema.
fn write(files: &[File], to: &Path, number: usize) {
    for (schema, is_for) in SCHEMAS {
        let folder = to.join(schema);
        fs::create_dir_all(&folder).unwrap();
        for file in files.iter().filter(|it| is_for(&it.path)) {
            let mut value = yaml(&file.text);
            if schema == "vendor.azure-pipelines" {
                value = numbers_as_texts(value);
            }
            let name = format!("{number}-{}.json", file.path.replace('/', "-"));
            fs::write(folder.join(name), value.to_string()).unwrap();
        }
    }
}

#[tokio::test]
async fn pipelines_fit_the_schemas_that_their_hosts_publish() {
    let Some(program) = std::env::var_os(PROGRAM) else {
        eprintln!("SKIPPED: {PROGRAM} does not say where check-jsonschema is");
        return;
    };
    let folder = TempDir::new().unwrap();
    on_each_engine(async |store| {
        let portal = portal(store).await;
        let base = json!({
            "description": "It", "host": "local", "owner": "group:default/payments",
            "system": "system:default/checkout",
        });
        let with = |more: Value| {
            let mut values = base.clone();
            let more = more.as_object().unwrap().clone();
            values.as_object_mut().unwrap().extend(more);
            values
        };
        let mut number = 0;
        for database in ["none", "sql", "postgresql", "cosmos"] {
            for pipeline in ["github", "azure"] {
                let values = with(json!({
                    "name": "payments-api", "database": database, "cache": true,
                    "pipeline": pipeline,
                }));
                number += 1;
                write(
                    &rendered(&portal, "dotnet-service", values).await,
                    folder.path(),
                    number,
                );
            }
        }
        let values = with(json!({"name": "demand-forecast"}));
        write(
            &rendered(&portal, "python-ml-service", values).await,
            folder.path(),
            0,
        );
    })
    .await;
    for (schema, _) in SCHEMAS {
        let files = fs::read_dir(folder.path().join(schema)).unwrap();
        let files: Vec<_> = files.map(|it| it.unwrap().path()).collect();
        assert!(files.len() >= 4, "{schema}: {files:?}");
        let checked = Command::new(&program)
            .args(["--regex-variant", "python", "--builtin-schema", schema])
            .args(&files)
            .output()
            .unwrap();
        let said = [checked.stdout, checked.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(checked.status.success(), "{schema}:\n{said}");
    }
}
