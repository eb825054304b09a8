//! `plugins`: the platform team's policy for plugins.

use std::{collections::BTreeMap, path::PathBuf};

use super::absolute;
use crate::{Secret, reader::Reader};

/// `plugins`: what may run, and what connections sign in with.
#[derive(Clone, Debug, Default)]
pub struct PluginsConfig {
    /// `plugins.requireSignature`: only files that a trusted publisher signed; default `false`.
    pub require_signature: bool,
    /// `plugins.fourEyes`: who hands a version in may not approve it; default `false`.
    pub four_eyes: bool,
    /// `plugins.knownBad`: digests (`sha256:…`) of files that are never accepted.
    pub known_bad: Vec<String>,
    /// `plugins.countEgress`: requests to forbidden addresses are made and counted, to see
    /// what enforcement would break; default `false`.
    pub count_egress: bool,
    /// `plugins.import`: a folder; each component in it is handed in for review at start, unless
    /// it was before. Relative to the file it is written in.
    pub import: Option<PathBuf>,
    /// `plugins.approve`: ids of plugins in that folder that need no review: each version that is
    /// handed in at start is approved with all it asks for and made the one that runs, unless it
    /// asks for more than the one before. None by default.
    pub approve: Vec<String>,
    /// `plugins.registries`: where plugins may be fetched from by reference; none by default.
    pub registries: Vec<PluginRegistry>,
    /// `plugins.secrets`: what connections sign in with, by name.
    pub secrets: BTreeMap<String, Secret>,
}

impl PluginsConfig {
    pub(crate) fn read(plugins: &Reader<'_>) -> Self {
        Self {
            require_signature: plugins.boolean("requireSignature", false),
            four_eyes: plugins.boolean("fourEyes", false),
            known_bad: plugins.texts("knownBad"),
            count_egress: plugins.boolean("countEgress", false),
            import: plugins
                .text_as("import", |text| absolute(&plugins.folder(), text))
                .map(PathBuf::from),
            approve: plugins.texts("approve"),
            registries: plugins
                .list("registries")
                .into_iter()
                .filter_map(|it| it.read_object(PluginRegistry::read))
                .collect(),
            secrets: plugins
                .list("secrets")
                .into_iter()
                .filter_map(|secret| {
                    secret.read_object(|it| Some((it.required_text("name")?, it.secret("value")?)))
                })
                .collect(),
        }
    }
}

/// One entry of `plugins.registries`: a registry of OCI artifacts that plugins are fetched from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginRegistry {
    /// Host, with its port when unusual, lower-case.
    pub host: String,
    /// User name and password or token; none is anonymous.
    pub sign_in: Option<(String, Secret)>,
    /// Whether it is spoken to without TLS.
    pub insecure: bool,
}

impl PluginRegistry {
    fn read(entry: &Reader<'_>) -> Option<Self> {
        let username = entry.text("username");
        let password = entry.secret("password");
        if username.is_some() != password.is_some() {
            entry.problem("needs both \"username\" and \"password\", or neither");
        }
        let insecure = entry.boolean("insecure", false);
        let host = entry.required_text("host")?.to_lowercase();
        if host.is_empty() || host.contains(['/', '@', ' ']) {
            entry.problem("\"host\" must be a host such as registry.example.com, without https://");
        }
        Some(Self {
            host,
            sign_in: username.zip(password),
            insecure,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Config;

    fn load(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.yaml");
        std::fs::write(&path, text).unwrap();
        let loaded = Config::load_with(&[path], &|name| (name == "TOKEN").then(|| "t0ken".into()));
        loaded.map(|it| it.config).map_err(|it| it.to_string())
    }

    #[test]
    fn registries_are_off_until_they_are_listed() {
        assert_eq!(Config::default().plugins.registries, []);
        let text = "plugins:\n  registries:\n    - { host: Registry.example.com }\n    \
                    - { host: 'local:5000', username: ci, password: '${TOKEN}', insecure: true }\n";
        let config = load(text).unwrap();
        let [first, second] = config.plugins.registries.as_slice() else {
            panic!("{:?}", config.plugins.registries)
        };
        assert_eq!(first.host, "registry.example.com");
        assert_eq!((first.insecure, first.sign_in.is_none()), (false, true));
        let (username, password) = second.sign_in.as_ref().unwrap();
        assert_eq!((username.as_str(), password.expose()), ("ci", "t0ken"));
        assert!(second.insecure);
        assert!(!config.explain().contains("t0ken"), "masked");
    }

    #[test]
    fn half_a_sign_in_and_an_address_are_mistakes() {
        let half = load("plugins: { registries: [{ host: a.example, username: ci }] }");
        assert!(half.unwrap_err().contains("or neither"));
        let address = load("plugins: { registries: [{ host: 'https://a.example/' }] }");
        assert!(address.unwrap_err().contains("without https://"));
    }
}
