//! The hosts that forms and templates know.

use portico_model::repo_url::HostKind;
use portico_tasks::{Tasks, TasksOptions};
use portico_testkit::Database;

use crate::support::Portal;

const SERVERS: &str = "
integrations:
  github: [{ host: ghe.contoso.test }]
  azure: [{ host: 'tfs.contoso.test:8443' }]
";

#[tokio::test]
async fn hosts_are_told_with_what_they_are() {
    let database = Database::sqlite();
    let portal = Portal::with_config(database.store().await, &[], SERVERS).await;
    let told = |tasks: &Tasks| {
        let hosts = tasks.repo_hosts().into_iter();
        let told: Vec<_> = hosts.map(|it| (it.name, it.kind, it.offered)).collect();
        told
    };
    let expected = [
        ("local", HostKind::Local, true),
        ("ghe.contoso.test", HostKind::GitHub, true),
        ("github.com", HostKind::GitHub, false),
        ("tfs.contoso.test:8443", HostKind::Azure, true),
        ("dev.azure.com", HostKind::Azure, false),
    ]
    .map(|(name, kind, offered)| (name.to_owned(), kind, offered));
    assert_eq!(told(&portal.tasks()), expected);
    let options = TasksOptions::new(portal.folder.path().join("tasks"));
    let without = Tasks::new(portal.catalog.clone(), None, None, options);
    assert!(!told(&without)[0].2, "there is no source control");
}
