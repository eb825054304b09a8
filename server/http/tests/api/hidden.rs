//! What a policy hides is not told by what speaks of it: files, problems, facets, repositories,
//! locations.

use axum::http::Method;
use portico_access::Principal;
use portico_catalog::{OnConflict, SourceKey};
use portico_scm::{Edit, Proposal, ScmError};
use serde_json::json;

use crate::{
    support::{BAKERY, Portal, on_bakery},
    visibility::put_in_force,
};

const SECRET: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: secret-dough, annotations: {portico.dev/repository: 'local:secret'}}
spec: {type: service, lifecycle: production, owner: bakers}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: secret-broken}
spec: {type: service, lifecycle: production}
";

const MORE: &str = "
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: more}
spec: {type: file, targets: [./secret.yaml]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: bread, annotations: {portico.dev/repository: 'local:bread'}}
spec: {type: service, lifecycle: production, owner: bakers}
";

const ADMIN: Principal = Principal::LocalAdmin;

/// A bakery with a secret: a component in a file of its own, and a document there that is wrong.
/// In the other file, the document of `gas-line` is wrong since it was read.
async fn keep_secret(portal: &Portal) {
    portal.write_beside("secret.yaml", SECRET);
    for good in [true, false] {
        let bakery = match good {
            true => BAKERY.to_owned(),
            false => BAKERY.replace("type: utility, owner: platform", "type: utility"),
        };
        portal.write(&format!("{bakery}{MORE}"));
        let refresh = json!({"entityRef": "component:default/counter"});
        let refreshed = portal.post("/api/catalog/refresh", refresh).await;
        assert!(refreshed.status.is_success());
        portal.ingest().await;
    }
}

fn hide(portal: &Portal) {
    put_in_force(
        portal,
        "@id(\"hidden\") forbid (principal, action == Action::\"catalog.entity.read\", resource)
         when { resource.name like \"secret*\" || resource.name == \"gas-line\"
                || resource.name == \"bakers\" };",
    );
}

#[tokio::test]
async fn problems_and_files_of_hidden_entities_are_not_listed() {
    on_bakery(async |portal| {
        keep_secret(&portal).await;
        let failed = "/api/catalog/entities/unprocessed/failed";
        let told = async || {
            let failed = portal.get(failed).await.ok();
            let total = failed["total"].as_u64().unwrap();
            assert_eq!(failed["entities"].as_array().unwrap().len() as u64, total);
            (total, failed.to_string())
        };
        let statuses = async || portal.catalog.source_statuses(&ADMIN, 0, 10).await.unwrap();
        let (all, before) = told().await;
        assert!(before.contains("gas-line") && before.contains("secret-broken"));
        let (before, total) = statuses().await;
        assert_eq!((before.len(), total), (2, 2));

        hide(&portal);
        let (left, after) = told().await;
        assert_eq!(left, all - 2, "{after}");
        for hidden in ["gas-line", "secret"] {
            assert!(!after.contains(hidden), "{after}");
        }
        let (after, total) = statuses().await;
        assert_eq!((after.len(), total), (1, 1));
        let catalog = before.iter().find(|it| it.id == after[0].id).unwrap();
        assert_eq!(
            (after[0].entities, after[0].problems),
            (catalog.entities - 2, catalog.problems - 1)
        );
        let (second, total) = portal.catalog.source_statuses(&ADMIN, 1, 1).await.unwrap();
        assert_eq!((second.len(), total), (0, 1), "pages are of what is left");
    })
    .await;
}

#[tokio::test]
async fn facets_do_not_name_what_is_hidden() {
    on_bakery(async |portal| {
        let owners = async |field: &str| {
            let path = format!("/api/catalog/entity-facets?facet={field}");
            portal.get(&path).await.ok().to_string()
        };
        let fields = ["relations.ownedBy", "Relations.OWNEDBY"];
        for field in fields {
            assert!(owners(field).await.contains("group:default/bakers"));
        }
        hide(&portal);
        for field in fields {
            let owners = owners(field).await;
            assert!(!owners.contains("bakers"), "{owners}");
            assert!(owners.contains("group:default/platform"), "{owners}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_repository_of_hidden_entities_is_not_there() {
    on_bakery(async |portal| {
        for name in ["bread", "secret"] {
            portal.import(name, "README.md", "# It\n").await;
        }
        keep_secret(&portal).await;
        let listed = async || {
            let list = portal.get("/api/scm/repositories").await.ok();
            let names = list.as_array().unwrap().iter();
            names
                .map(|it| it["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(listed().await, ["bread", "secret"]);
        hide(&portal);
        assert_eq!(listed().await, ["bread"]);
        for (method, rest) in [
            (Method::GET, ""),
            (Method::GET, "/files?path=README.md"),
            (Method::GET, "/change-requests"),
            (Method::POST, "/change-requests/1/merge"),
        ] {
            let ask = async |name: &str| {
                let path = format!("/api/scm/repositories/{name}{rest}");
                portal.send(portal.request(method.clone(), &path)).await
            };
            let (hidden, missing) = (ask("secret").await, ask("nothing").await);
            assert_eq!(hidden.problem().0, 404, "{method} {rest}");
            assert_eq!(hidden.problem(), missing.problem(), "{method} {rest}");
            assert_eq!(
                hidden.detail().replace("secret", "nothing"),
                missing.detail()
            );
        }
        let proposal = Proposal {
            branch: "more".to_owned(),
            title: "More".to_owned(),
            edits: vec![Edit::Write {
                path: "README.md".to_owned(),
                content: b"# More\n".to_vec(),
            }],
            ..Proposal::default()
        };
        let scm = &portal.scm;
        for (repository, is_there) in [("local:secret", false), ("local:bread", true)] {
            let preview = scm.preview(&ADMIN, repository, &proposal).await.map(drop);
            let propose = scm.propose(&ADMIN, repository, &proposal).await.map(drop);
            let configure = scm
                .may_configure(&ADMIN, repository, json!({}))
                .await
                .map(drop);
            for outcome in [preview, propose, configure] {
                let found = !matches!(outcome, Err(ScmError::NotFound(_)));
                assert_eq!(found, is_there, "{repository}: {outcome:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_hidden_location_is_not_there() {
    on_bakery(async |portal| {
        let mut ids = Vec::new();
        for name in ["cakes", "secret"] {
            let key = SourceKey {
                kind: "url".to_owned(),
                target: format!("https://files.invalid/{name}.yaml"),
            };
            let catalog = &portal.catalog;
            let registered = catalog
                .register_location(&ADMIN, &key, OnConflict::Reject)
                .await;
            ids.push(registered.unwrap().location.id);
        }
        put_in_force(
            &portal,
            "@id(\"hidden\")
             forbid (principal, action == Action::\"catalog.location.read\", resource)
             when { resource.target like \"*secret*\" };",
        );
        let path = "/api/catalog/locations";
        let listed = portal.get(path).await.ok().to_string();
        assert!(
            listed.contains("cakes") && !listed.contains("secret"),
            "{listed}"
        );
        let query = portal
            .post(&format!("{path}/by-query"), json!({}))
            .await
            .ok();
        assert_eq!(query["totalItems"], 1, "{query}");
        for method in [Method::GET, Method::DELETE] {
            let ask = async |id| {
                let path = format!("{path}/{id}");
                portal.send(portal.request(method.clone(), &path)).await
            };
            let (hidden, missing) = (ask(ids[1]).await, ask(uuid::Uuid::nil()).await);
            assert_eq!(hidden.problem().0, 404, "{method}");
            assert_eq!(hidden.problem(), missing.problem(), "{method}");
        }
    })
    .await;
}
