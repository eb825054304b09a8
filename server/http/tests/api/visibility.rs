//! What a policy hides is nowhere: not in lists, counts, relations, and not by name.

use axum::http::{Method, StatusCode};
use portico_access::{DEFAULT_POLICIES, Policies};
use serde_json::{Value, json};

use crate::support::{Portal, names, on_bakery};

const ENTITIES: &str = "/api/catalog/entities";

/// Adds a policy to the default ones.
pub fn put_in_force(portal: &Portal, policy: &str) {
    let policies = Policies::parse(&format!("{DEFAULT_POLICIES}\n{policy}")).unwrap();
    portal.catalog.authorizer().put_in_force(policies);
}

/// Hides APIs and everything called mixer, from administrators too.
fn hide(portal: &Portal) {
    put_in_force(
        portal,
        "@id(\"hidden\") forbid (principal, action == Action::\"catalog.entity.read\", resource)
         when { resource.kind == \"api\" || resource.name like \"mixer*\" };",
    );
}

fn is_hidden(entity: &Value) -> bool {
    entity["kind"] == "API" || entity["metadata"]["name"] == "mixer"
}

#[tokio::test]
async fn lists_pages_and_counts_are_of_what_is_visible() {
    on_bakery(async |portal| {
        let all = portal.get(ENTITIES).await.ok();
        let all = all.as_array().unwrap();
        hide(&portal);
        let expected: Vec<_> = all.iter().filter(|it| !is_hidden(it)).cloned().collect();
        assert!(expected.len() + 4 == all.len(), "two APIs and two mixers");
        let visible = portal.get(ENTITIES).await.ok();
        assert_eq!(names(&visible), names(&json!(expected)));

        let mut paged = Vec::new();
        let mut path = format!("{ENTITIES}/by-query?limit=3");
        loop {
            let page = portal.get(&path).await;
            assert_eq!(page.ok()["totalItems"], expected.len());
            paged.extend(page.names());
            match page.json()["pageInfo"]["nextCursor"].as_str() {
                Some(cursor) => path = format!("{ENTITIES}/by-query?limit=3&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(paged, names(&json!(expected)));

        let facets = portal.get("/api/catalog/entity-facets?facet=kind").await;
        let kinds = facets.ok()["facets"]["kind"].clone();
        let counted = |kind: &str| {
            let mut kinds = kinds.as_array().unwrap().iter();
            let found = kinds.find(|it| it["value"] == kind);
            found.map_or(0, |it| it["count"].as_u64().unwrap())
        };
        let components = expected.iter().filter(|it| it["kind"] == "Component");
        assert_eq!(
            (counted("API"), counted("Component")),
            (0, components.count() as u64)
        );

        for (term, hits) in [("mixer", 0), ("baking", 0), ("oven", 1)] {
            let found = portal.get(&format!("/api/search/query?term={term}")).await;
            assert_eq!(found.ok()["numberOfResults"], hits, "{term}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_hidden_answers_as_what_does_not_exist() {
    on_bakery(async |portal| {
        let mixer = format!("{ENTITIES}/by-name/component/default/mixer");
        let uid = portal.get(&mixer).await.ok()["metadata"]["uid"]
            .as_str()
            .unwrap()
            .to_owned();
        hide(&portal);
        let gone = format!("{ENTITIES}/by-name/component/default/gone");
        let (hidden, missing) = (portal.get(&mixer).await, portal.get(&gone).await);
        assert_eq!(hidden.problem(), missing.problem());
        assert_eq!(hidden.detail().replace("mixer", "gone"), missing.detail());
        let by_uid = format!("{ENTITIES}/by-uid/{uid}");
        for (method, path) in [
            (Method::GET, by_uid.clone()),
            (Method::DELETE, by_uid),
            (Method::GET, format!("{mixer}/ancestry")),
        ] {
            let answer = portal.send(portal.request(method.clone(), &path)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
        }
        let refresh = json!({"entityRef": "component:default/mixer"});
        let refresh = portal.post("/api/catalog/refresh", refresh).await;
        assert_eq!(refresh.status, StatusCode::NOT_FOUND);

        let refs = json!({"entityRefs": ["component:default/mixer", "component:default/counter"]});
        let found = portal.post(&format!("{ENTITIES}/by-refs"), refs).await.ok();
        assert!(found["items"][0].is_null() && found["items"][1].is_object());

        let oven = format!("{ENTITIES}/by-name/component/default/bread-oven.v2");
        let oven = portal.get(&oven).await.ok();
        let targets: Vec<_> = oven["relations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["targetRef"].as_str().unwrap())
            .collect();
        assert!(
            targets.contains(&"resource:default/gas-line"),
            "{targets:?}"
        );
        assert!(targets.contains(&"component:default/gone"), "{targets:?}");
        assert!(!targets.contains(&"component:default/mixer"), "{targets:?}");
        assert!(!targets.contains(&"api:default/baking"), "{targets:?}");
    })
    .await;
}

#[tokio::test]
async fn clients_ask_what_they_may_do() {
    on_bakery(async |portal| {
        hide(&portal);
        let ask = |id: &str, name: &str, on: Option<&str>| {
            json!({"id": id, "permission": {"type": "resource", "name": name,
                   "attributes": {"action": "read"}}, "resourceRef": on})
        };
        let body = json!({"items": [
            ask("1", "catalog.entity.read", None),
            ask("2", "catalog.entity.read", Some("component:default/counter")),
            ask("3", "catalog.entity.read", Some("component:default/mixer")),
            ask("4", "catalog.entity.delete", Some("component:default/mixer")),
            ask("5", "catalog.entity.create", None),
            ask("6", "no.such.permission", None),
        ]});
        let answer = portal.post("/api/permission/authorize", body.clone()).await;
        let results: Vec<_> = answer.ok()["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["id"].clone(), it["result"].clone()))
            .collect();
        let expected = ["ALLOW", "ALLOW", "DENY", "DENY", "ALLOW", "DENY"];
        let expected = (1..).zip(expected);
        let expected: Vec<_> = expected
            .map(|(id, it)| (json!(id.to_string()), json!(it)))
            .collect();
        assert_eq!(results, expected);
        let nobody = portal.request(Method::POST, "/api/permission/authorize");
        let nobody = portal.send(nobody.remote().json(body)).await.ok();
        let items = nobody["items"].as_array().unwrap();
        assert!(items.iter().all(|it| it["result"] == "DENY"));
    })
    .await;
}

/// How an entity could be asked whether it is related to another: how many entities answer when
/// all is seen, and when the other one is hidden.
#[tokio::test]
async fn no_query_tells_that_there_is_a_relation_to_what_is_hidden() {
    on_bakery(async |portal| {
        let asked = [
            ("filter=relations.dependsOn=component:default/mixer", 1, 0),
            ("filter=RELATIONS.dependsOn=component:default/mixer", 1, 0),
            ("filter=relations.providesApi", 1, 0),
            ("orderField=relations.providesApi,asc", 1, 0),
            ("orderField=relations.consumesApi,desc", 1, 0),
            (
                "fullTextFilterTerm=mixer&fullTextFilterFields=relations.dependsOn",
                1,
                0,
            ),
            (
                "fullTextFilterTerm=baking&orderField=relations.providesApi,asc",
                1,
                0,
            ),
            // What is there for everybody stays, and so does what is only mentioned.
            ("filter=relations.dependsOn=resource:default/gas-line", 1, 1),
            ("filter=relations.dependsOn=component:default/gone", 1, 1),
            ("filter=relations.dependsOn", 1, 1),
            ("orderField=relations.dependsOn,asc", 1, 1),
        ];
        let predicates = [
            (
                json!({"relations.dependsOn": "component:default/mixer"}),
                1,
                0,
            ),
            (json!({"relations.providesApi": {"$exists": true}}), 1, 0),
            (
                json!({"relations.dependsOn": {"$hasPrefix": "component:default/mix"}}),
                1,
                0,
            ),
            (
                json!({"relations": {"$contains": {"type": "providesApi"}}}),
                1,
                0,
            ),
            (
                json!({"relations": {"$contains":
                {"type": "dependsOn", "targetRef": "component:default/mixer"}}}),
                1,
                0,
            ),
            (
                json!({"$all": [{"kind": "Component"}, {"metadata.name": "Bread-Oven.v2"},
                {"$not": {"relations.dependsOn": "component:default/mixer"}}]}),
                0,
                1,
            ),
        ];
        let check = async |hidden: bool| {
            for (query, all, some) in asked {
                let page = portal.get(&format!("{ENTITIES}/by-query?{query}")).await;
                let expected = if hidden { some } else { all };
                assert_eq!(page.ok()["totalItems"], expected, "{query}, {hidden}");
            }
            for (query, all, some) in &predicates {
                let page = portal
                    .post(&format!("{ENTITIES}/by-query"), json!({"query": query}))
                    .await;
                let expected = if hidden { some } else { all };
                assert_eq!(page.ok()["totalItems"], *expected, "{query}, {hidden}");
            }
            let facets =
                "/api/catalog/entity-facets?facet=metadata.name&filter=relations.providesApi";
            let facets = portal.get(facets).await.ok()["facets"]["metadata.name"].clone();
            assert_eq!(facets.as_array().unwrap().is_empty(), hidden, "{facets}");
        };
        check(false).await;
        hide(&portal);
        check(true).await;
    })
    .await;
}
