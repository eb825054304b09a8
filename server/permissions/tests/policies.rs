//! Policies in force, on both engines.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::{fs, sync::Arc};

use portico_access::{Action, DEFAULT_POLICIES, Principal, Resource};
use portico_catalog::{Catalog, Ingestion};
use portico_config::Config;
use portico_permissions::{Permissions, PermissionsError, Question};
use portico_sources::Sources;
use portico_store::Store;
use portico_testkit::on_each_engine;
use tempfile::TempDir;

const ADMIN: Principal = Principal::LocalAdmin;

const PEOPLE: &str = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: ada }\n\
    spec: { memberOf: [bakers] }\n---\napiVersion: backstage.io/v1alpha1\nkind: Group\n\
    metadata: { name: bakers }\nspec: { type: team, children: [] }\n---\n\
    apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: oven }\n\
    spec: { type: service, lifecycle: production, owner: bakers }\n---\n\
    apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: vault }\n\
    spec: { type: service, lifecycle: production, owner: guards }\n";

const FROZEN: &str = "@id(\"freeze\")\n@description(\"the catalog is frozen\")\n\
    forbid (principal is User, action in Action::\"delete\", resource)\n\
    unless { principal in Role::\"administrator\" };\n";

struct Portal {
    catalog: Catalog,
    folder: TempDir,
}

impl Portal {
    async fn new(store: Store, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("people.yaml"), PEOPLE).unwrap();
        let file = folder.path().join("portico.yaml");
        let config = format!(
            "catalog:\n  rules: [{{ allow: [Component, User, Group] }}]\n  locations:\n    - {{ \
             type: file, target: ./people.yaml }}\n{more}"
        );
        fs::write(&file, config).unwrap();
        let loaded = Config::load_with(&[file], &|_| None).unwrap();
        let sources = Sources::new(&loaded.config).unwrap();
        let catalog = Catalog::new(store, sources, Arc::new(loaded.config));
        catalog.load().await.unwrap();
        let ingestion = Ingestion::new(catalog.clone());
        ingestion.run_until_idle().await.unwrap();
        catalog.follow().await.unwrap();
        Self { catalog, folder }
    }

    fn permissions(&self) -> Permissions {
        Permissions::new(self.catalog.clone(), None)
    }

    fn ada(&self) -> Principal {
        let ada = portico_model::EntityRef::parse("user:default/ada", None, "default").unwrap();
        self.catalog.principal(&ada).unwrap()
    }

    fn may_delete(&self) -> bool {
        let owners = ["group:default/bakers".to_owned()];
        let oven = Resource::Entity {
            entity_ref: "component:default/oven",
            owners: &owners,
        };
        let authorizer = self.catalog.authorizer();
        authorizer.allows(&self.ada(), Action::EntityDelete, &oven)
    }
}

fn frozen() -> String {
    format!("{DEFAULT_POLICIES}\n{FROZEN}")
}

#[tokio::test]
async fn a_change_holds_at_once_is_a_version_and_can_be_taken_back() {
    on_each_engine(async |store| {
        let portal = Portal::new(store.clone(), "").await;
        let permissions = portal.permissions();
        permissions.follow().await.unwrap();
        assert!(portal.may_delete());
        let number = permissions
            .put_in_force(&ADMIN, 0, &frozen(), "year end")
            .await
            .unwrap();
        assert_eq!(number, 1);
        assert!(!portal.may_delete());
        let versions = permissions.versions(&ADMIN).await.unwrap();
        let numbers: Vec<_> = versions.iter().map(|it| it.number).collect();
        assert_eq!(
            (numbers, versions[0].note.as_str()),
            (vec![1, 0], "year end")
        );
        let diff = permissions.diff(&ADMIN, 0, &frozen()).await.unwrap();
        assert!(
            diff.iter()
                .any(|it| it.change == "added" && it.text.contains("freeze"))
        );
        assert!(diff.iter().all(|it| it.change != "removed"));
        permissions
            .put_in_force(&ADMIN, 1, &versions[1].text, "back")
            .await
            .unwrap();
        assert!(portal.may_delete());
        let events = store
            .audit_events(&portico_catalog::AuditFilter::default(), 0, 10)
            .await
            .unwrap()
            .0;
        let of_policies = events.iter().filter(|it| it.action == "policy.manage");
        assert_eq!(of_policies.count(), 2);
    })
    .await;
}

#[tokio::test]
async fn another_replica_follows() {
    on_each_engine(async |store| {
        let one = Portal::new(store.clone(), "").await;
        let other = Portal::new(store, "").await;
        let follower = other.permissions();
        follower.follow().await.unwrap();
        let permissions = one.permissions();
        permissions
            .put_in_force(&ADMIN, 0, &frozen(), "")
            .await
            .unwrap();
        assert!(other.may_delete());
        assert!(follower.follow().await.unwrap());
        assert!(!other.may_delete());
        assert!(!follower.follow().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_changes_nothing() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, "").await;
        let permissions = portal.permissions();
        let put = async |who: &Principal, base, text: &str| {
            permissions.put_in_force(who, base, text, "").await
        };
        let broken = put(&ADMIN, 0, "permit (").await;
        assert!(matches!(broken, Err(PermissionsError::Input(_))), "{broken:?}");
        let locked_out = put(
            &ADMIN,
            0,
            "@id(\"a\") permit (principal is User, action == Action::\"catalog.entity.read\", resource);",
        )
        .await;
        assert!(matches!(locked_out, Err(PermissionsError::Conflict(_))), "{locked_out:?}");
        let ada = put(&portal.ada(), 0, &frozen()).await;
        assert!(matches!(ada, Err(PermissionsError::Denied(_))), "{ada:?}");
        put(&ADMIN, 0, &frozen()).await.unwrap();
        let late = put(&ADMIN, 0, DEFAULT_POLICIES).await;
        assert!(matches!(late, Err(PermissionsError::Conflict(_))), "{late:?}");
        assert_eq!(permissions.in_force(&ADMIN).await.unwrap().number, 1);
    })
    .await;
}

#[tokio::test]
async fn files_hold_beside_and_are_read_again() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, "permissions:\n  policies: [./extra.cedar]\n").await;
        let file = portal.folder.path().join("extra.cedar");
        let permissions = portal.permissions();
        permissions.follow().await.unwrap();
        let broken = permissions.in_force(&ADMIN).await.unwrap().broken.unwrap();
        assert!(broken.contains("extra.cedar"), "{broken}");
        assert!(!portal.may_delete(), "only administrators get in to repair");
        fs::write(&file, FROZEN).unwrap();
        assert!(permissions.follow().await.unwrap());
        let in_force = permissions.in_force(&ADMIN).await.unwrap();
        assert_eq!((in_force.broken, in_force.files.len()), (None, 1));
        assert!(!portal.may_delete());
        fs::write(&file, "").unwrap();
        permissions.follow().await.unwrap();
        assert!(portal.may_delete());
        fs::write(&file, "permit (").unwrap();
        permissions.follow().await.unwrap();
        assert!(portal.may_delete(), "what was in force stays");
    })
    .await;
}

#[tokio::test]
async fn it_says_why() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, "").await;
        let permissions = portal.permissions();
        let ask = async |principal: &str, action: &str, resource: &str, text: Option<String>| {
            let question = Question {
                principal: principal.to_owned(),
                action: action.to_owned(),
                resource: resource.to_owned(),
                text,
            };
            permissions.explain(&ADMIN, &question).await
        };
        let delete = "catalog.entity.delete";
        let mine = ask("user:default/ada", delete, "component:default/oven", None)
            .await
            .unwrap();
        assert!(mine.why.allowed);
        assert_eq!(mine.why.policies[0].id, "owners-manage");
        assert_eq!(mine.owns, ["user:default/ada", "group:default/bakers"]);
        let theirs = ask("ada", delete, "component:vault", None).await.unwrap();
        assert_eq!((theirs.why.allowed, theirs.why.policies.len()), (false, 0));
        let then = ask("ada", delete, "component:oven", Some(frozen()))
            .await
            .unwrap();
        assert_eq!(then.why.reason, "the catalog is frozen");
        assert!(then.why.policies[0].forbids);
        assert!(ask("nobody", delete, "", None).await.is_err());
        assert!(ask("ada", "catalog.entity.raed", "", None).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_simulation_shows_what_would_change() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, "").await;
        let permissions = portal.permissions();
        let oven = portico_model::EntityRef::parse("component:oven", None, "default").unwrap();
        portal.catalog.refresh_entity(&portal.ada(), &oven).await.unwrap();
        let without = "@id(\"administrators\")\npermit (principal in Role::\"administrator\", action, resource);";
        let same = permissions.simulate(&ADMIN, DEFAULT_POLICIES).await.unwrap();
        assert_eq!((same.asked, same.changes.len(), same.visibility.len()), (1, 0, 0));
        let then = permissions.simulate(&ADMIN, without).await.unwrap();
        assert_eq!(then.changes.len(), 1);
        assert_eq!(then.changes[0].principal, "user:default/ada");
        assert_eq!(then.changes[0].action, "catalog.entity.refresh");
        assert!(then.changes[0].before.allowed && !then.changes[0].after.allowed);
        assert_eq!((then.visibility[0].before, then.visibility[0].after), (5, 0));
        assert_eq!(permissions.in_force(&ADMIN).await.unwrap().number, 0);
    })
    .await;
}

#[tokio::test]
async fn why_somebody_unregisters_a_location_is_told() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, "").await;
        let file = portal.folder.path().join("kneader.yaml");
        let kneader = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: \
            kneader }\nspec: { type: service, lifecycle: production, owner: bakers }\n";
        fs::write(&file, kneader).unwrap();
        let key = portico_catalog::SourceKey {
            kind: "file".to_owned(),
            target: file.to_str().unwrap().to_owned(),
        };
        let reject = portico_catalog::OnConflict::Reject;
        let registered = portal.catalog.register_location(&ADMIN, &key, reject).await;
        registered.unwrap();
        let ingestion = Ingestion::new(portal.catalog.clone());
        ingestion.run_until_idle().await.unwrap();
        let question = Question {
            principal: "user:default/ada".to_owned(),
            action: "catalog.location.delete".to_owned(),
            resource: format!("location:{key}"),
            text: None,
        };
        let told = portal.permissions().explain(&ADMIN, &question).await;
        let why = told.unwrap().why;
        assert!(why.allowed);
        assert_eq!(why.policies[0].id, "owners-unregister");
    })
    .await;
}
