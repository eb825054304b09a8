mod auth;

use std::time::Duration;

use super::*;
use crate::settings::{AzureCredential, DatabaseConfig, Environment, Listen, LogFormat};

/// A folder of configuration files, and the environment they see.
struct Files(tempfile::TempDir);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn load(&self, names: &[&str]) -> Result<Loaded, ConfigError> {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        Config::load_with(&paths, &|name| match name {
            "GITHUB_TOKEN" => Some("ghp_secret".to_owned()),
            "PORT" => Some("8080".to_owned()),
            _ => None,
        })
    }
}

fn load(text: &str) -> Loaded {
    Files::new(&[("portico.yaml", text)])
        .load(&["portico.yaml"])
        .unwrap()
}

fn errors(text: &str) -> Vec<String> {
    match Files::new(&[("portico.yaml", text)]).load(&["portico.yaml"]) {
        Err(ConfigError::Invalid(problems)) => problems
            .iter()
            .map(|problem| {
                let place = problem.place.rsplit('/').next().unwrap();
                format!("{place}: {}: {}", problem.key, problem.message)
            })
            .collect(),
        other => panic!("expected errors, got {other:?}"),
    }
}

#[test]
fn an_empty_configuration_is_the_default() {
    let loaded = load("# nothing\n");
    assert_eq!(loaded.warnings, []);
    assert_eq!(loaded.config.explain(), Config::default().explain());
    let config = Config::default();
    assert_eq!(config.app.title, "Portico");
    assert_eq!(
        config.backend.listen,
        Listen {
            host: "127.0.0.1".to_owned(),
            port: 3000
        }
    );
    assert_eq!(
        config.backend.database,
        DatabaseConfig::SqliteFile("data/portico.db".into())
    );
    assert_eq!(
        config.catalog.processing_interval,
        Some(Duration::from_secs(100))
    );
    assert_eq!(config.auth.environment, Environment::Development);
    assert_eq!(config.logging.format, LogFormat::Text);
    assert!(
        config
            .catalog
            .rules
            .allows("component", None, "url", "https://x", false)
    );
    assert!(
        !config
            .catalog
            .rules
            .allows("User", None, "url", "https://x", false)
    );
}

#[test]
fn later_files_lie_over_earlier_ones() {
    let files = Files::new(&[
        (
            "a.yaml",
            "app: {title: A, baseUrl: 'https://a.com/'}\ncatalog: {extraKinds: [X, Y]}",
        ),
        ("b.yaml", "app: {title: B}\ncatalog: {extraKinds: [Z]}"),
        ("c.json", r#"{"app": {"baseUrl": null}}"#),
    ]);
    let config = files.load(&["a.yaml", "b.yaml"]).unwrap().config;
    assert_eq!(config.app.title, "B");
    assert_eq!(config.app.base_url.as_deref(), Some("https://a.com"));
    assert_eq!(config.catalog.extra_kinds, ["Z"]);
    let config = files.load(&["a.yaml", "c.json"]).unwrap().config;
    assert_eq!(config.app.base_url, None);
}

#[test]
fn variables_and_includes_are_followed() {
    let files = Files::new(&[
        (
            "portico.yaml",
            "backend: {listen: '0.0.0.0:${PORT}'}\n\
             integrations:\n  github:\n    - host: github.com\n      token: {$env: GITHUB_TOKEN}\n\
             organization: {$include: 'parts.yaml#company.it'}\n\
             app: {title: {$file: title.txt}}\n",
        ),
        (
            "parts.yaml",
            "company:\n  it: {name: 'Contoso ${NONE:-Ltd}'}",
        ),
        ("title.txt", "The portal\n"),
    ]);
    let Loaded { config, warnings } = files.load(&["portico.yaml"]).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(
        config.backend.listen,
        Listen {
            host: "0.0.0.0".to_owned(),
            port: 8080
        }
    );
    assert_eq!(
        config.integrations.github[0]
            .token
            .as_ref()
            .unwrap()
            .expose(),
        "ghp_secret"
    );
    assert_eq!(config.organization.name.as_deref(), Some("Contoso Ltd"));
    assert_eq!(config.app.title, "The portal");
}

#[test]
fn an_unset_variable_leaves_the_value_out_and_says_so() {
    let loaded = load("integrations:\n  github:\n    - host: github.com\n      token: ${NONE}\n");
    assert_eq!(loaded.config.integrations.github[0].token.as_ref(), None);
    let warning = &loaded.warnings[0];
    assert_eq!(warning.key, "integrations.github[0].token");
    assert!(
        warning.place.ends_with("portico.yaml:4:14"),
        "{}",
        warning.place
    );
    assert!(warning.message.contains("NONE is not set"));
}

#[test]
fn unknown_keys_are_warnings_with_the_nearest_known_key() {
    let loaded =
        load("techdocs: {builder: local}\npermission: {enabled: true}\ncatalog:\n  location: []\n");
    let told: Vec<_> = loaded
        .warnings
        .iter()
        .map(|it| {
            (
                it.key.as_str(),
                it.message.contains("\"locations\""),
                it.place.contains(".yaml:"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("permission", false, true),
            ("catalog.location", true, true),
            ("techdocs", false, true)
        ]
    );
}

#[test]
fn every_mistake_is_told_with_its_place_and_fix() {
    let found = errors(
        "app: contoso\nbackend:\n  listen: {port: many}\ncatalog:\n  readonly: perhaps\n  \
         processingInterval: soon\n  locations:\n    - type: url\n  rules:\n    - {}\n",
    );
    assert_eq!(
        found,
        [
            "portico.yaml:1:6: app: must be an object, but is \"contoso\"",
            "portico.yaml:3:18: backend.listen.port: must be a port from 0 to 65535, but is \"many\"",
            "portico.yaml:8:7: catalog.locations[0]: needs the key \"target\"",
            "portico.yaml:10:7: catalog.rules[0]: needs the key \"allow\", a list of kinds",
            "portico.yaml:6:23: catalog.processingInterval: must be a duration such as 5m, PT5M, \
             { minutes: 5 } or a number of seconds, but is \"soon\"",
            "portico.yaml:5:13: catalog.readonly: must be true or false, but is \"perhaps\"",
        ]
    );
}

#[test]
fn broken_files_name_the_line() {
    let files = Files::new(&[
        ("portico.yaml", "app:\n  title: \"open\n"),
        ("two.yaml", "a: 1\n---\nb: 1\n"),
    ]);
    assert!(
        files
            .load(&["missing.yaml"])
            .unwrap_err()
            .to_string()
            .contains("missing.yaml")
    );
    assert!(
        files
            .load(&["portico.yaml"])
            .unwrap_err()
            .to_string()
            .contains("portico.yaml:")
    );
    assert!(
        files
            .load(&["two.yaml"])
            .unwrap_err()
            .to_string()
            .contains("one document")
    );
}

#[test]
fn includes_that_cannot_be_followed_are_errors() {
    assert!(errors("app: {title: {$file: none.txt}}")[0].contains("cannot read"));
    assert!(errors("app: {title: {$env: PORT, more: 1}}")[0].contains("$env takes one text"));
    assert!(errors("app: {$include: portico.yaml}")[0].contains("circle"));
    assert!(errors("app: {$include: 'portico.yaml#a.b'}")[0].contains("no value at \"a.b\""));
}

#[test]
fn databases_are_understood_in_backstage_words() {
    let database = |text: &str| {
        load(&format!("backend:\n  database: {text}\n"))
            .config
            .backend
            .database
            .url()
            .expose()
            .to_owned()
    };
    assert_eq!(
        database("{client: better-sqlite3, connection: ':memory:'}"),
        "sqlite::memory:"
    );
    assert!(database("{connection: {directory: data}}").ends_with("/data/portico.db"));
    assert!(database("{client: sqlite, connection: x.db}").ends_with("/x.db"));
    assert_eq!(
        database(
            "{client: pg, connection: {host: db, port: '5433', user: me, password: 'p@ss/w', ssl: true}}"
        ),
        "postgres://me:p%40ss%2Fw@db:5433/portico?sslmode=verify-full"
    );
    assert_eq!(
        database("{connection: 'postgres://u:p@h/d'}"),
        "postgres://u:p@h/d"
    );
    assert_eq!(
        database("{client: pg, connection: {host: /run/postgresql, database: d}}"),
        "postgres://localhost/d?host=%2Frun%2Fpostgresql"
    );
}

#[test]
fn file_targets_start_from_the_configuration_file() {
    let files = Files::new(&[(
        "portico.yaml",
        "catalog:\n  processingInterval: {minutes: 3}\n  locations:\n    \
         - {type: file, target: './x/../**/*.yaml', pollingInterval: 30s}\n    \
         - {type: gitlab-discovery, target: x}\n",
    )]);
    let Loaded { config, warnings } = files.load(&["portico.yaml"]).unwrap();
    let location = &config.catalog.locations[0];
    assert_eq!(location.target, files.path("**/*.yaml").to_str().unwrap());
    assert_eq!(location.interval, Some(Duration::from_secs(30)));
    assert_eq!(
        config.catalog.processing_interval,
        Some(Duration::from_mins(3))
    );
    assert_eq!(config.catalog.locations.len(), 1);
    assert!(warnings[0].message.contains("gitlab-discovery"));
}

#[test]
fn processing_can_be_switched_off() {
    assert_eq!(
        load("catalog: {processingInterval: false}")
            .config
            .catalog
            .processing_interval,
        None
    );
}

#[test]
fn integrations_get_their_addresses() {
    let config = load(
        "integrations:\n  github:\n    - {host: GHE.contoso.com}\n    - {}\n  azure:\n    \
         - host: dev.azure.com\n      credentials:\n        \
         - {organizations: [Fabrikam], personalAccessToken: pat}\n        \
         - {clientId: c, clientSecret: s, tenantId: t}\n    \
         - {host: tfs.contoso.com, token: old}\n",
    )
    .config
    .integrations;
    assert_eq!(
        config.github[0].api_base_url,
        "https://ghe.contoso.com/api/v3"
    );
    assert_eq!(config.github[1].api_base_url, "https://api.github.com");
    let pat = AzureCredential::PersonalAccessToken("pat".into());
    assert_eq!(config.azure[0].credential_for("fabrikam"), Some(&pat));
    assert!(matches!(
        config.azure[0].credential_for("other"),
        Some(AzureCredential::ClientSecret { .. })
    ));
    let old = AzureCredential::PersonalAccessToken("old".into());
    assert_eq!(config.azure[1].credential_for("any"), Some(&old));
}

#[test]
fn github_apps_are_read_as_backstage_writes_them() {
    let loaded = load(
        "integrations:\n  github:\n    - host: github.com\n      apps:\n        \
         - {appId: 12, clientId: Iv1, clientSecret: s, webhookUrl: u, webhookSecret: w, \
         privateKey: pem, allowedInstallationOwners: [contoso]}\n",
    );
    assert_eq!(loaded.warnings, []);
    let app = &loaded.config.integrations.github[0].apps[0];
    assert_eq!(
        (app.app_id.as_str(), app.private_key.expose()),
        ("12", "pem")
    );
    assert_eq!(app.allowed_owners, ["contoso"]);
    assert_eq!(app.key, "integrations.github[0].apps[0]");
}

#[test]
fn half_an_azure_credential_is_an_error() {
    let found =
        errors("integrations:\n  azure:\n    - credentials: [{clientId: c, tenantId: t}]\n");
    assert!(
        found[0].contains("integrations.azure[0].credentials[0]: must be one of"),
        "{found:?}"
    );
}

#[test]
fn static_tokens_are_read_and_other_access_is_reported() {
    let Loaded { config, warnings } = load(
        "backend:\n  auth:\n    externalAccess:\n      \
         - {type: static, options: {token: abcdefgh, subject: ci}, accessRestrictions: [{plugin: catalog, permission: catalog.entity.read}]}\n      \
         - {type: jwks, options: {url: x}}\n",
    );
    let access = &config.backend.external_access[..];
    assert_eq!(access.len(), 1);
    assert_eq!(
        (access[0].subject.as_str(), access[0].token.expose()),
        ("ci", "abcdefgh")
    );
    assert_eq!(
        access[0].restrictions[0].permissions,
        ["catalog.entity.read"]
    );
    assert!(warnings[0].message.contains("jwks"));
    assert_eq!(warnings.len(), 1);
}

#[test]
fn explaining_masks_secrets_and_names_origins() {
    let config = load(
        "backend: {database: {client: pg, connection: 'postgres://me:hunter2@db/x'}}\n\
         integrations: {github: [{token: '${GITHUB_TOKEN}'}]}\n",
    )
    .config;
    let text = config.explain();
    assert!(
        !text.contains("hunter2") && !text.contains("ghp_secret"),
        "{text}"
    );
    assert!(!format!("{config:?}").contains("hunter2"));
    let line = |key: &str| {
        text.lines()
            .find(|line| line.starts_with(key))
            .unwrap_or_default()
    };
    assert!(
        line("integrations.github[0].token: ****").contains("env GITHUB_TOKEN, /"),
        "{text}"
    );
    assert!(
        line("backend.database.connection: postgres://me:****@db/x").contains("portico.yaml:1")
    );
    assert!(line("app.title: Portico").ends_with("# default"));
}

#[test]
fn the_folder_of_repositories_is_beside_the_file() {
    let files = Files::new(&[("portico.yaml", "scm: { local: { import: ./repositories } }")]);
    let loaded = files.load(&["portico.yaml"]).unwrap();
    assert_eq!(loaded.warnings, []);
    assert_eq!(
        loaded.config.scm.local_import,
        Some(files.path("repositories"))
    );
    assert_eq!(Config::default().scm.local_import, None);
}

#[test]
fn templates_have_an_environment() {
    let loaded = load(
        "scaffolder: { defaultEnvironment: { parameters: { region: westeurope, replicas: 2 }, \
         secrets: { KEY: s3cret-0123456789 } } }",
    );
    assert_eq!(loaded.warnings, []);
    let environment = &loaded.config.scaffolder.environment;
    assert_eq!(environment.parameters["region"], "westeurope");
    assert_eq!(environment.parameters["replicas"], "2");
    assert_eq!(environment.secrets["KEY"].expose(), "s3cret-0123456789");
    let explained = loaded.config.explain();
    assert!(explained.contains("westeurope") && !explained.contains("0123456789"));
    let wrong =
        errors("scaffolder: { defaultEnvironment: { parameters: [a], secrets: { b: {} } } }");
    assert_eq!(wrong.len(), 2, "{wrong:?}");
}

#[test]
fn tasks_have_limits_and_a_key() {
    let text = "scaffolder: { concurrentTasksLimit: 0, taskTimeout: { hours: 1 }, retention: 7d, \
                secretsKey: 0123456789abcdef0123456789abcdef }";
    let loaded = load(text);
    assert_eq!(loaded.warnings, []);
    let scaffolder = &loaded.config.scaffolder;
    assert_eq!(scaffolder.concurrent_tasks, 0);
    assert_eq!(scaffolder.task_timeout, Duration::from_hours(1));
    assert_eq!(scaffolder.retention, Duration::from_hours(7 * 24));
    assert!(scaffolder.secrets_key.is_some());
    assert!(!loaded.config.explain().contains("0123456789"));
    assert_eq!(Config::default().scaffolder.concurrent_tasks, 10);
    let wrong = errors("scaffolder: { secretsKey: short, concurrentTasksLimit: many }");
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(
        wrong.iter().any(|it| it.contains("at least 32 characters")),
        "{wrong:?}"
    );
}
