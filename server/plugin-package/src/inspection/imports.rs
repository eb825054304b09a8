//! What a component really imports.

use semver::Version;
use serde::{Deserialize, Serialize};
use wasmparser::{Parser, Payload};

use crate::{Capability, contract};

/// One import of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// As it is in the component: `portico:plugin/log@1.0.0`.
    pub name: String,
    /// What that is to us.
    pub kind: ImportKind,
}

/// What an import is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "capability", rename_all = "kebab-case")]
pub enum ImportKind {
    /// One of our interfaces that a grant is needed for.
    Capability(Capability),
    /// Types that our interfaces share.
    Types,
    /// One of our interfaces, in a version that does not run here.
    OtherVersion,
    /// Something of WASI, which is not offered.
    Wasi,
    /// Anything else.
    Unknown,
}

/// The imports of a valid component.
pub(super) fn of(bytes: &[u8]) -> Vec<Import> {
    let mut depth = 0_usize;
    let mut imports = Vec::new();
    for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                let names = section.into_iter().filter_map(Result::ok);
                imports.extend(names.map(|import| {
                    let name = import.name.name.to_owned();
                    Import {
                        kind: kind(&name),
                        name,
                    }
                }));
            }
            _ => {}
        }
    }
    imports
}

fn kind(name: &str) -> ImportKind {
    let (path, version) = name.split_once('@').unwrap_or((name, ""));
    if path.starts_with("wasi:") {
        return ImportKind::Wasi;
    }
    let interface = path
        .strip_prefix(contract::PACKAGE)
        .and_then(|rest| rest.strip_prefix('/'));
    let kind = match interface {
        Some("types") => ImportKind::Types,
        Some(name) => match Capability::from_name(name) {
            Some(capability) => ImportKind::Capability(capability),
            None => return ImportKind::Unknown,
        },
        None => return ImportKind::Unknown,
    };
    match Version::parse(version) {
        Ok(version) if contract::runs(&version) => kind,
        _ => ImportKind::OtherVersion,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_imports() {
        for (name, expected) in [
            (
                "portico:plugin/log@1.0.0",
                ImportKind::Capability(Capability::Log),
            ),
            ("portico:plugin/types@1.0.0", ImportKind::Types),
            ("portico:plugin/log@2.0.0", ImportKind::OtherVersion),
            ("portico:plugin/log", ImportKind::OtherVersion),
            ("portico:plugin/shell@1.0.0", ImportKind::Unknown),
            ("portico:plugins/log@1.0.0", ImportKind::Unknown),
            ("wasi:filesystem/types@0.2.0", ImportKind::Wasi),
            ("print", ImportKind::Unknown),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }
}
