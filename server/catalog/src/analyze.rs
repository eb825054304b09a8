//! Looking at a repository before it is registered: what is there, what is missing.

use portico_access::{Action, Principal, Resource};
use portico_store::SourceKey;
use serde_json::{Value, json};

use crate::{
    Catalog,
    error::Result,
    ingest::{Processed, SourceContext},
};

/// What a repository has for the catalog.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Catalog files that are there.
    pub existing: Vec<ExistingFile>,
    /// A proposal for a catalog file, when there is none.
    pub generated: Vec<GeneratedEntity>,
}

/// A catalog file of a repository.
#[derive(Clone, Debug)]
pub struct ExistingFile {
    /// Where it is.
    pub target: String,
    /// Whether the catalog reads it already.
    pub registered: bool,
    /// The entities in it, as JSON texts.
    pub entities: Vec<String>,
}

/// A proposed entity with the fields a person should look at.
#[derive(Clone, Debug)]
pub struct GeneratedEntity {
    /// The document.
    pub entity: Value,
    /// Field, what state it is in (`analysisSuggestedValue`, `needsUserInput`), value, and why.
    pub fields: Vec<GeneratedField>,
}

/// One field of a proposal.
#[derive(Clone, Debug)]
pub struct GeneratedField {
    /// Dotted path.
    pub field: &'static str,
    /// `analysisSuggestedValue` or `needsUserInput`.
    pub state: &'static str,
    /// The proposed value, when there is one.
    pub value: Option<String>,
    /// Why, for the person.
    pub description: &'static str,
}

impl Catalog {
    /// Finds catalog files in a repository, or proposes one.
    pub async fn analyze_location(
        &self,
        who: &Principal,
        key: &SourceKey,
        filename: Option<&str>,
    ) -> Result<Analysis> {
        self.require(who, Action::LocationCreate, &Resource::Any)?;
        self.sources().check_registrable(&key.kind, &key.target)?;
        let filename = filename.unwrap_or(&self.config().catalog.entity_filename);
        let targets = self
            .sources()
            .find_catalog_files(&key.target, filename)
            .await?;
        let mut analysis = Analysis::default();
        for target in targets {
            let key = SourceKey {
                kind: key.kind.clone(),
                target: target.clone(),
            };
            let registered = self.store().source_by_key(&key).await?.is_some();
            let context = SourceContext {
                origin: key.to_string(),
                key,
                root: false,
            };
            let Processed { documents, .. } = self.read_and_process(&context).await?;
            let entities = documents.into_iter().map(|it| it.document).collect();
            analysis.existing.push(ExistingFile {
                target,
                registered,
                entities,
            });
        }
        if analysis.existing.is_empty() {
            let description = self.sources().repository_description(&key.target).await?;
            analysis.generated.push(propose(&key.target, description));
        }
        Ok(analysis)
    }
}

/// A Component named after the repository, for a person to complete.
fn propose(target: &str, description: Option<String>) -> GeneratedEntity {
    let name = repository_name(target);
    let mut metadata = json!({ "name": name });
    if let Some(description) = description.filter(|text| !text.is_empty()) {
        metadata["description"] = Value::from(description);
    }
    GeneratedEntity {
        entity: json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": metadata,
            "spec": { "type": "other", "lifecycle": "unknown" },
        }),
        fields: vec![
            GeneratedField {
                field: "metadata.name",
                state: "analysisSuggestedValue",
                value: Some(name),
                description: "The name of the repository.",
            },
            GeneratedField {
                field: "spec.type",
                state: "analysisSuggestedValue",
                value: Some("other".to_owned()),
                description: "What the component is: service, website, library, …",
            },
            GeneratedField {
                field: "spec.owner",
                state: "needsUserInput",
                value: None,
                description: "The group that owns the component.",
            },
        ],
    }
}

/// The last path segment that names a repository, as a valid entity name.
fn repository_name(target: &str) -> String {
    let path = target
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let path = path.split("/blob/").next().unwrap_or(path);
    let path = path.split("/tree/").next().unwrap_or(path);
    let last = path
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".git");
    let name: String = last
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .take(63)
        .collect();
    let name = name.trim_matches(['-', '_', '.']).to_owned();
    if name.is_empty() {
        "component".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_repository() {
        for (target, name) in [
            ("https://github.com/contoso/orders-api", "orders-api"),
            (
                "https://github.com/contoso/orders-api/blob/main/src/x.yaml",
                "orders-api",
            ),
            (
                "https://dev.azure.com/contoso/shop/_git/Orders%20Api?path=/x",
                "Orders-20Api",
            ),
            (
                "git+https://git.contoso.example/team/orders.git#main:catalog-info.yaml",
                "orders",
            ),
        ] {
            assert_eq!(repository_name(target), name, "{target}");
        }
    }
}
