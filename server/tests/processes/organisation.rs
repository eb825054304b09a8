//! A folder with many small catalog files, and a configuration that reads them.

use std::{fmt::Write as _, fs, path::Path};

/// Documents in each file.
pub(crate) const DOCUMENTS: usize = 5;

/// Entities a root location adds beside the documents: itself.
const ROOT: usize = 1;

/// How many entities an organisation of `files` files gives.
///
/// The glob is one entity, and so is the Location of each file.
pub(crate) fn entities(files: usize) -> u64 {
    (files * DOCUMENTS + ROOT) as u64
}

/// Writes the files and the configuration into `folder`; `database` is a PostgreSQL URL.
pub(crate) fn write(folder: &Path, files: usize, rules: &str, database: Option<&str>) {
    let catalog = folder.join("catalog");
    fs::create_dir_all(&catalog).unwrap();
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    for file in 0..files {
        let mut text = String::new();
        for document in 0..DOCUMENTS {
            write!(
                text,
                "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  \
                 name: c-{file}-{document}\nspec:\n  type: service\n  lifecycle: production\n  \
                 owner: team-{}\n  dependsOn: [component:c-{}-0]\n",
                file % 7,
                file / 2,
            )
            .unwrap();
        }
        fs::write(catalog.join(format!("{file}.yaml")), text).unwrap();
    }
    configure(folder, rules, database);
}

/// Writes the configuration; `rules` is the value of `catalog.rules`.
pub(crate) fn configure(folder: &Path, rules: &str, database: Option<&str>) {
    let database = database
        .map(|url| format!("  database: {{ client: pg, connection: '{url}' }}\n"))
        .unwrap_or_default();
    let text = format!(
        "app: {{ title: Processes }}\nbackend:\n  listen: 127.0.0.1:0\n{database}catalog:\n  \
         processingInterval: {{ hours: 24 }}\n  rules: {rules}\n  locations:\n    - type: file\n      \
         target: {}\n",
        folder.join("catalog/*.yaml").display()
    );
    fs::write(folder.join("portico.yaml"), text).unwrap();
}
