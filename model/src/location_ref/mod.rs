//! Locations: where catalog files are, as `<type>:<target>`.

mod resolve;

use std::fmt;

use serde_json::json;
use sha1::{Digest, Sha1};

use crate::{Entity, annotations, kinds};

/// The type of locations on a file system.
pub const FILE: &str = "file";
/// The type of locations on the web.
pub const URL: &str = "url";

/// A location, such as `url:https://github.com/contoso/shop/blob/main/catalog-info.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocationRef {
    kind: String,
    target: String,
}

/// Why a text is not a location.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationRefError {
    /// The type or the target is missing.
    #[error(
        "location \"{0}\" is not <type>:<target>, such as url:https://example.com/catalog-info.yaml"
    )]
    Form(String),
    /// A bare URL, whose scheme would be taken for the type.
    #[error("location \"{0}\" needs its type: write \"url:{0}\"")]
    BareUrl(String),
    /// A target that would run as a script where it is shown as a link.
    #[error("location \"{0}\" is a javascript: URL")]
    Script(String),
}

impl LocationRef {
    /// A location from its parts.
    pub fn new(kind: &str, target: &str) -> Result<Self, LocationRefError> {
        let (kind, target) = (kind.trim(), target.trim());
        let text = || format!("{kind}:{target}");
        if kind.is_empty() || target.is_empty() {
            return Err(LocationRefError::Form(text()));
        }
        if is_script(target) {
            return Err(LocationRefError::Script(text()));
        }
        Ok(Self {
            kind: kind.to_owned(),
            target: target.to_owned(),
        })
    }

    /// Parses `<type>:<target>`.
    pub fn parse(text: &str) -> Result<Self, LocationRefError> {
        let Some((kind, target)) = text.split_once(':') else {
            return Err(LocationRefError::Form(text.to_owned()));
        };
        if matches!(kind.trim(), "http" | "https") {
            return Err(LocationRefError::BareUrl(text.to_owned()));
        }
        Self::new(kind, target)
    }

    /// The type: `url`, `file`, …
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What the type's reader is given.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The name of the Location entity that stands for this location.
    pub fn generated_name(&self) -> String {
        use std::fmt::Write as _;

        let mut name = "generated-".to_owned();
        for byte in Sha1::digest(self.to_string()) {
            // Writing to a string cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        name
    }

    /// The Location entity that stands for this location, a root of the catalog.
    pub fn to_entity(&self) -> Entity {
        let own = self.to_string();
        let mut entity = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kinds::LOCATION,
            "metadata": {
                "name": self.generated_name(),
                "namespace": "default",
                "annotations": {
                    annotations::MANAGED_BY_LOCATION: own,
                    annotations::MANAGED_BY_ORIGIN_LOCATION: own,
                },
            },
            "spec": {"type": self.kind, "target": self.target},
        });
        Entity::from_object(
            entity
                .as_object_mut()
                .map(std::mem::take)
                .unwrap_or_default(),
        )
    }

    /// The location that a target written in this location's file means.
    ///
    /// `kind` is the type the file gives; a target of another type is taken as
    /// it is, since there is nothing to be relative to.
    pub fn resolve(&self, kind: Option<&str>, target: &str) -> Result<Self, LocationRefError> {
        let kind = kind.unwrap_or(&self.kind);
        let target = if kind != self.kind {
            target.to_owned()
        } else if kind == URL {
            resolve::url(&self.target, target)
        } else if kind == FILE {
            resolve::path(&self.target, target)
        } else {
            target.to_owned()
        };
        Self::new(kind, &target)
    }
}

impl fmt::Display for LocationRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.target)
    }
}

/// Whether a browser would take the text for a `javascript:` URL. It skips
/// control characters and spaces before the scheme, and line ends inside it.
fn is_script(target: &str) -> bool {
    let start = target.trim_start_matches(|character: char| character <= ' ');
    let scheme = start
        .chars()
        .filter(|character| !matches!(character, '\r' | '\n' | '\t'));
    scheme
        .map(|character| character.to_ascii_lowercase())
        .take(11)
        .eq("javascript:".chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_parsed() {
        let location = LocationRef::parse(" url : https://example.com/a.yaml ").unwrap();
        assert_eq!(
            (location.kind(), location.target()),
            ("url", "https://example.com/a.yaml")
        );
        assert_eq!(location.to_string(), "url:https://example.com/a.yaml");
    }

    #[test]
    fn what_is_not_a_location_is_explained() {
        for text in ["", "url", "url:", ":x", " : "] {
            assert!(
                matches!(LocationRef::parse(text), Err(LocationRefError::Form(_))),
                "{text}"
            );
        }
        let bare = LocationRef::parse("https://example.com").unwrap_err();
        assert!(bare.to_string().contains("url:https://example.com"));
        for text in [
            "url:javascript:x",
            "url: JavaScript:x",
            "url:\u{1}java\nscript\t:x",
        ] {
            assert!(
                matches!(LocationRef::parse(text), Err(LocationRefError::Script(_))),
                "{text}"
            );
        }
        assert!(LocationRef::parse("url:https://example.com/javascript:x").is_ok());
    }

    #[test]
    fn a_root_location_has_an_entity() {
        let location = LocationRef::parse("url:https://example.com/a.yaml").unwrap();
        let entity = location.to_entity();
        // printf 'url:https://example.com/a.yaml' | sha1sum
        assert_eq!(
            entity.name(),
            "generated-17fb6f13ffb6251438be1e4f37c6482b83ede45c"
        );
        assert_eq!(
            entity.spec_text("target"),
            Some("https://example.com/a.yaml")
        );
        assert_eq!(
            entity.annotation(annotations::MANAGED_BY_LOCATION),
            Some("url:https://example.com/a.yaml")
        );
        let document = serde_json::Value::Object(entity.clone().into_object());
        let known = crate::KnownKinds::default();
        assert_eq!(crate::validate_entity(document, &known), Ok(entity));
    }

    #[test]
    fn targets_are_relative_to_their_own_type() {
        let file = LocationRef::parse("file:/catalog/all.yaml").unwrap();
        assert_eq!(
            file.resolve(None, "./a.yaml").unwrap().to_string(),
            "file:/catalog/a.yaml"
        );
        assert_eq!(
            file.resolve(Some("url"), "https://example.com/a.yaml")
                .unwrap()
                .to_string(),
            "url:https://example.com/a.yaml"
        );
    }
}
