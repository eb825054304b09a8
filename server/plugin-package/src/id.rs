//! Names of plugins.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The most bytes an id has.
const LIMIT: usize = 100;

/// A plugin's name for good: `infra:add-redis` or `com.contoso.infra:add-redis`.
///
/// Only lower case ASCII, so that two names that look alike are the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PluginId(String);

/// Why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no plugin id: write NAMESPACE:NAME in lower case ASCII letters, digits and single hyphens, such as `infra:add-redis` or `com.contoso.infra:add-redis`"
)]
pub struct InvalidId(String);

impl PluginId {
    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is before the colon.
    pub fn namespace(&self) -> &str {
        self.0
            .split_once(':')
            .map_or("", |(namespace, _)| namespace)
    }

    /// What is after the colon.
    pub fn name(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, name)| name)
    }

    /// A file name for this plugin, without an extension: `infra.add-redis`.
    pub fn file_stem(&self) -> String {
        self.0.replace(':', ".")
    }
}

impl FromStr for PluginId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let valid = text.len() <= LIMIT
            && text.split_once(':').is_some_and(|(namespace, name)| {
                namespace.split('.').all(is_label) && is_label(name)
            });
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            // It comes back to people, on a terminal perhaps.
            let shown = text.chars().take(LIMIT).flat_map(char::escape_default);
            Err(InvalidId(shown.collect()))
        }
    }
}

impl TryFrom<String> for PluginId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<PluginId> for String {
    fn from(id: PluginId) -> Self {
        id.0
    }
}

impl fmt::Display for PluginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Words of letters and digits with single hyphens between them; the first is a letter.
fn is_label(label: &str) -> bool {
    label.starts_with(|first: char| first.is_ascii_lowercase())
        && label.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_accepted() {
        for id in ["infra:add-redis", "com.contoso.infra-2:x", "a:b"] {
            assert_eq!(id.parse::<PluginId>().unwrap().as_str(), id);
        }
        let id: PluginId = "com.contoso:add-redis".parse().unwrap();
        assert_eq!((id.namespace(), id.name()), ("com.contoso", "add-redis"));
        assert_eq!(id.file_stem(), "com.contoso.add-redis");
    }

    #[test]
    fn look_alikes_and_paths_are_refused() {
        let long = format!("a:{}", "b".repeat(LIMIT));
        for id in [
            "",
            ":",
            "infra",
            "infra:",
            ":x",
            "infra:Add",
            "infra:add_redis",
            "infra:a--b",
            "infra:-a",
            "infra:a-",
            "infra:1a",
            "infra:a:b",
            "infra..x:a",
            "../x:a",
            "infra:a/b",
            "inf\u{440}a:add",
            "infra:add\n",
            &long,
        ] {
            assert!(id.parse::<PluginId>().is_err(), "{id}");
        }
    }
}
