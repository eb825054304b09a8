//! Entity references: `[<kind>:][<namespace>/]<name>`.

use std::fmt;

/// A full reference to an entity: kind, namespace and name, all lower-case.
///
/// References compare case-insensitively in the catalog, so the lower-case
/// form is the only one kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityRef {
    kind: String,
    namespace: String,
    name: String,
}

/// Why a text is not an entity reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntityRefError {
    /// A part is present but empty, as in `component:/name`.
    #[error("entity reference \"{0}\" has an empty part; write [<kind>:][<namespace>/]<name>")]
    EmptyPart(String),
    /// No kind was written and the place has no default kind.
    #[error("entity reference \"{0}\" needs a kind, for example \"component:{0}\"")]
    MissingKind(String),
    /// Something else than text was written.
    #[error("an entity reference must be text, found {0}")]
    NotText(String),
}

impl EntityRef {
    /// The namespace of an entity that names none.
    pub const DEFAULT_NAMESPACE: &'static str = "default";

    /// A reference from its three parts, lower-cased.
    pub fn new(kind: &str, namespace: &str, name: &str) -> Self {
        Self {
            kind: kind.to_lowercase(),
            namespace: namespace.to_lowercase(),
            name: name.to_lowercase(),
        }
    }

    /// Parses a reference, filling in what is left out.
    ///
    /// The first `:` separates the kind only when no `/` comes before it.
    pub fn parse(
        text: &str,
        default_kind: Option<&str>,
        default_namespace: &str,
    ) -> Result<Self, EntityRefError> {
        let colon = text.find(':');
        let slash = text.find('/');
        let (kind, rest) = match colon {
            Some(at) if slash.is_none_or(|slash| at < slash) => {
                (Some(&text[..at]), &text[at + 1..])
            }
            _ => (None, text),
        };
        let (namespace, name) = match rest.find('/') {
            Some(at) => (Some(&rest[..at]), &rest[at + 1..]),
            None => (None, rest),
        };
        if kind == Some("") || namespace == Some("") || name.is_empty() {
            return Err(EntityRefError::EmptyPart(text.to_owned()));
        }
        let kind = kind
            .or(default_kind)
            .ok_or_else(|| EntityRefError::MissingKind(text.to_owned()))?;
        Ok(Self::new(
            kind,
            namespace.unwrap_or(default_namespace),
            name,
        ))
    }

    /// The kind, lower-case.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace, lower-case.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The name, lower-case.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.kind, self.namespace, self.name)
    }
}
