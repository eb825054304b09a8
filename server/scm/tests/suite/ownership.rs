//! Who may merge: through the service, with a catalog that says who owns what.

use std::{fs, sync::Arc};

use portico_access::Principal;
use portico_catalog::{Catalog, Ingestion, OnConflict, SourceKey};
use portico_config::Config;
use portico_scm::{Edit, RepositoryHost, Scm, ScmError};
use portico_sources::Sources;
use portico_store::Store;
use portico_testkit::on_each_engine;

use crate::{
    github::Setting,
    support::{Host, ORDERS, proposal, write},
};

const CONFIG: &str = "
permissions: { platformGroup: platform }
catalog:
  rules: [{ allow: [Component] }]
  locations: [{ type: file, target: ./catalog.yaml }]
";

fn component(name: &str, owner: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{ name: {name}, annotations: {{ portico.dev/repository: 'local:orders' }} }}
spec: {{ type: service, lifecycle: production, owner: {owner} }}
"
    )
}

struct Portal {
    scm: Scm,
    host: Host,
}

impl Portal {
    /// The orders team owns the repository, by the configuration; the thieves registered a
    /// file that says they do.
    async fn new(store: Store) -> Self {
        Self::beside(store, Vec::new()).await
    }

    /// The same beside other hosts.
    async fn beside(store: Store, others: Vec<Arc<dyn RepositoryHost>>) -> Self {
        let host = Host::new(store.clone()).await;
        let folder = host.folder.path();
        fs::write(
            folder.join("catalog.yaml"),
            component("orders-api", "orders"),
        )
        .unwrap();
        fs::write(folder.join("theirs.yaml"), component("stolen", "thieves")).unwrap();
        fs::write(folder.join("portico.yaml"), CONFIG).unwrap();
        let loaded = Config::load_with(&[folder.join("portico.yaml")], &|_| None).unwrap();
        let sources = Sources::new(&loaded.config).unwrap();
        let catalog = Catalog::new(store, sources, Arc::new(loaded.config));
        catalog.load().await.unwrap();
        let key = SourceKey {
            kind: "file".to_owned(),
            target: folder.join("theirs.yaml").display().to_string(),
        };
        catalog
            .register_location(&Principal::LocalAdmin, &key, OnConflict::Reject)
            .await
            .unwrap();
        Ingestion::new(catalog.clone())
            .run_until_idle()
            .await
            .unwrap();
        let both = ["component:default/orders-api", "component:default/stolen"].map(str::to_owned);
        let there = catalog.labels_of(&Principal::System, &both).unwrap();
        assert_eq!(there.len(), 2, "{there:?}");
        let mut hosts: Vec<Arc<dyn RepositoryHost>> = vec![Arc::new(host.git.clone())];
        hosts.extend(others);
        let scm = Scm::new(catalog, hosts);
        Self { scm, host }
    }

    async fn propose(&self, branch: &str) -> i64 {
        let one = proposal(branch, vec![write("a.txt", branch)]);
        let thief = member("thieves");
        self.scm.propose(&thief, ORDERS, &one).await.unwrap().number
    }
}

fn member(group: &str) -> Principal {
    Principal::User {
        user_ref: "user:default/ada".into(),
        owns: [
            "user:default/ada".to_owned(),
            format!("group:default/{group}"),
        ]
        .into(),
        roles: Arc::default(),
    }
}

#[tokio::test]
async fn owners_and_administrators_merge_and_close() {
    on_each_engine(async |store| {
        let portal = Portal::new(store).await;
        let owners = portal.scm.owners(&member("x"), ORDERS).await.unwrap();
        assert_eq!(owners, ["group:default/orders"]);
        let (first, second) = (portal.propose("a").await, portal.propose("b").await);
        for outcome in [
            portal.scm.merge(&member("thieves"), ORDERS, first).await,
            portal.scm.close(&member("thieves"), ORDERS, first).await,
            portal.scm.merge(&Principal::Anonymous, ORDERS, first).await,
        ] {
            assert!(matches!(outcome, Err(ScmError::Denied(_))), "{outcome:?}");
        }
        assert!(
            !portal
                .scm
                .may_merge(&member("thieves"), ORDERS)
                .await
                .unwrap()
        );
        assert!(
            portal
                .scm
                .may_merge(&member("orders"), ORDERS)
                .await
                .unwrap()
        );
        portal
            .scm
            .merge(&member("orders"), ORDERS, first)
            .await
            .unwrap();
        portal
            .scm
            .close(&member("platform"), ORDERS, second)
            .await
            .unwrap();
        assert_eq!(
            portal.host.events().await,
            5,
            "one registration, two proposals, two ends"
        );
    })
    .await;
}

#[tokio::test]
async fn repositories_are_told_with_what_waits_in_them() {
    on_each_engine(async |store| {
        let portal = Portal::new(store).await;
        let ada = member("orders");
        let first = portal.propose("a").await;
        portal.propose("b").await;
        portal.scm.close(&ada, ORDERS, first).await.unwrap();
        let (all, total) = portal.scm.overviews(&ada, 0, 9).await.unwrap();
        assert_eq!((all.len(), total), (1, 1));
        assert_eq!(all[0].repository.url, ORDERS);
        assert_eq!(all[0].open_change_requests, 1);
        let main = portal.host.by_hand(&["rev-parse", "main"]);
        assert_eq!(all[0].last_commit.as_ref().unwrap().id, main);
        let (beyond, total) = portal.scm.overviews(&ada, 1, 9).await.unwrap();
        assert_eq!((beyond.len(), total), (0, 1));

        let root = portal.scm.folder(&ada, ORDERS, None, "").await.unwrap();
        let paths = root.unwrap().into_iter().map(|entry| entry.path);
        assert_eq!(
            paths.collect::<Vec<_>>(),
            ["bicep", "src", "tools", "README.md"],
            "folders first"
        );
    })
    .await;
}

#[tokio::test]
async fn other_hosts_are_not_asked_what_happens_in_theirs() {
    on_each_engine(async |store| {
        let elsewhere = Setting::new().await;
        elsewhere.peer.add("bread", &[("README.md", "# Bread")]);
        let portal = Portal::beside(store, vec![Arc::new(elsewhere.github.clone())]).await;
        let (scm, ada) = (&portal.scm, member("orders"));
        let all = scm.repositories(&ada).await.unwrap();
        let bread = elsewhere.peer.repository("bread");
        assert_eq!(
            all.iter().map(|it| it.url.as_str()).collect::<Vec<_>>(),
            [ORDERS, &bread]
        );
        let asked = elsewhere.peer.asked().len();
        let kept = scm.kept(&ada).await.unwrap();
        assert_eq!(kept, all[..1]);
        let (rows, total) = scm.overviews(&ada, 0, 9).await.unwrap();
        assert_eq!((rows.len(), total), (1, 1));
        assert_eq!(rows[0].repository, kept[0]);
        assert_eq!(elsewhere.peer.asked().len(), asked);
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_nothing() {
    on_each_engine(async |store| {
        let portal = Portal::new(store).await;
        let (scm, nobody) = (&portal.scm, &Principal::Anonymous);
        let one = proposal("a", vec![write("a.txt", "1")]);
        let denied = |outcome: Result<(), ScmError>| {
            assert!(matches!(outcome, Err(ScmError::Denied(_))), "{outcome:?}");
        };
        denied(scm.repositories(nobody).await.map(drop));
        denied(scm.kept(nobody).await.map(drop));
        denied(scm.overviews(nobody, 0, 9).await.map(drop));
        denied(scm.folder(nobody, ORDERS, None, "").await.map(drop));
        denied(scm.repository(nobody, ORDERS).await.map(drop));
        denied(scm.branches(nobody, ORDERS).await.map(drop));
        denied(
            scm.read_file(nobody, ORDERS, None, "README.md")
                .await
                .map(drop),
        );
        denied(scm.find(nobody, ORDERS, None, "**").await.map(drop));
        denied(scm.preview(nobody, ORDERS, &one).await.map(drop));
        denied(scm.propose(nobody, ORDERS, &one).await.map(drop));
        denied(
            scm.change_requests(nobody, ORDERS, None, 0, 9)
                .await
                .map(drop),
        );
        denied(scm.change_request(nobody, ORDERS, 1).await.map(drop));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_refused_before_any_host_is_asked() {
    on_each_engine(async |store| {
        let portal = Portal::new(store).await;
        let (scm, ada) = (&portal.scm, &member("orders"));
        let invalid = |outcome: Result<(), ScmError>| {
            assert!(matches!(outcome, Err(ScmError::Invalid(_))), "{outcome:?}");
        };
        invalid(scm.read_file(ada, ORDERS, None, "../x").await.map(drop));
        invalid(
            scm.read_file(ada, ORDERS, Some("--help"), "x")
                .await
                .map(drop),
        );
        invalid(scm.folder(ada, ORDERS, None, "src/..").await.map(drop));
        invalid(scm.folder(ada, ORDERS, Some("--x"), "").await.map(drop));
        invalid(scm.find(ada, ORDERS, None, "").await.map(drop));
        let evil = Edit::Write {
            path: ".git/hooks/update".to_owned(),
            content: Vec::new(),
        };
        invalid(
            scm.propose(ada, ORDERS, &proposal("x", vec![evil]))
                .await
                .map(drop),
        );
        let elsewhere = scm.repository(ada, "https://example.com/x").await;
        assert!(matches!(elsewhere, Err(ScmError::NotFound(_))));
    })
    .await;
}
