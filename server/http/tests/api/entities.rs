//! Reading entities: the rules of the contract, one by one.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Portal, names, on_bakery};

const BY_QUERY: &str = "/api/catalog/entities/by-query";

async fn by_name(portal: &Portal, query: &str) -> Vec<String> {
    portal
        .get(&format!("{BY_QUERY}?orderField=metadata.name,asc&{query}"))
        .await
        .names()
}

#[tokio::test]
async fn filters_ignore_case_and_combine() {
    on_bakery(async |portal| {
        // AND within one filter, OR between filters, IN for a key that repeats.
        let machines = ["Bread-Oven.v2", "mixer"];
        assert_eq!(
            by_name(&portal, "filter=KIND=component,spec.type=MACHINE").await,
            machines
        );
        let either = by_name(&portal, "filter=spec.type=utility&filter=spec.type=grpc").await;
        assert_eq!(either, ["dough", "gas-line"]);
        let in_list = by_name(&portal, "filter=spec.type=utility,spec.type=grpc,kind=api").await;
        assert_eq!(in_list, ["dough"]);
        // A bare key exists, a null value too; a missing one does not.
        assert_eq!(
            by_name(&portal, "filter=metadata.labels.shift").await,
            ["Bread-Oven.v2"]
        );
        let null = "filter=metadata.custom.limits.spare";
        assert_eq!(by_name(&portal, null).await, ["Bread-Oven.v2"]);
        assert_eq!(
            by_name(&portal, "filter=metadata.labels.nope").await,
            Vec::<String>::new()
        );
        // Keys with dots and slashes, list members both ways, relations, values with spaces.
        for filter in [
            "metadata.labels.bakery.test/zone.name=a_1",
            "metadata.annotations.bakery.test/model-no=mixed+case+7",
            "metadata.annotations.note=",
            "metadata.tags.c%2B%2B=true",
            "metadata.tags=c%2B%2B",
            "metadata.custom.limits.max.step=2.5",
            "metadata.custom.limits.gas=true",
            "relations.dependson=component:default/mixer",
        ] {
            let filter = filter.replacen('=', "%3D", 1);
            assert_eq!(
                by_name(&portal, &format!("filter={filter}")).await,
                ["Bread-Oven.v2"],
                "{filter}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_first_order_counts_and_entities_without_it_are_left_out() {
    on_bakery(async |portal| {
        let titles = format!("{BY_QUERY}?orderField=metadata.title,asc&orderField=kind,desc");
        let answer = portal.get(&titles).await;
        assert_eq!(answer.names(), ["mixer", "Bread-Oven.v2", "bakers"]);
        assert_eq!(answer.json()["totalItems"], 3);
        let down = portal
            .get(&format!("{BY_QUERY}?orderField=metadata.title,desc"))
            .await;
        assert_eq!(down.names(), ["bakers", "Bread-Oven.v2", "mixer"]);
    })
    .await;
}

#[tokio::test]
async fn cursors_go_forwards_and_back() {
    on_bakery(async |portal| {
        let all = by_name(&portal, "filter=kind=component").await;
        let mut answer = portal
            .get(&format!(
                "{BY_QUERY}?filter=kind=component&orderField=metadata.name,asc&limit=2"
            ))
            .await;
        assert_eq!(answer.json()["pageInfo"].get("prevCursor"), None);
        let mut seen = answer.names();
        while let Some(cursor) = answer.json()["pageInfo"]["nextCursor"].as_str() {
            answer = portal
                .get(&format!("{BY_QUERY}?limit=2&cursor={cursor}"))
                .await;
            assert_eq!(answer.json()["totalItems"], 4);
            seen.extend(answer.names());
        }
        assert_eq!(seen, all);
        let cursor = answer.json()["pageInfo"]["prevCursor"]
            .as_str()
            .unwrap()
            .to_owned();
        let back = portal
            .post(BY_QUERY, json!({"cursor": cursor, "limit": 2}))
            .await;
        assert_eq!(back.names(), all[..2]);
        assert_eq!(back.json()["pageInfo"].get("prevCursor"), None);
        let wrong = portal.get(&format!("{BY_QUERY}?cursor=bm90IG91cnM")).await;
        assert_eq!(wrong.problem(), (400, "InputError".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn offset_limit_and_total() {
    on_bakery(async |portal| {
        let all = by_name(&portal, "").await;
        assert_eq!(by_name(&portal, "offset=2&limit=3").await, all[2..5]);
        let count = portal
            .get(&format!("{BY_QUERY}?filter=kind=component&limit=0"))
            .await
            .ok();
        assert_eq!(count, json!({"items": [], "totalItems": 4, "pageInfo": {}}));
        let uncounted = portal
            .get(&format!("{BY_QUERY}?totalItems=exclude&limit=1"))
            .await
            .ok();
        assert_eq!(uncounted["totalItems"], 0);
        assert!(uncounted["pageInfo"]["nextCursor"].is_string());
    })
    .await;
}

#[tokio::test]
async fn full_text_looks_into_the_fields_asked_for() {
    on_bakery(async |portal| {
        let term = "fullTextFilterTerm=BREAD";
        assert_eq!(
            by_name(&portal, term).await,
            ["Bread-Oven.v2"],
            "the field ordered by"
        );
        let titles = format!("{term}&fullTextFilterFields=metadata.title,metadata.description");
        assert_eq!(
            by_name(&portal, &titles).await,
            ["Bread-Oven.v2", "counter", "mixer"]
        );
        let posted = portal
            .post(
                BY_QUERY,
                json!({
                    "fullTextFilter": {"term": "bread", "fields": ["metadata.title"]},
                    "orderBy": [{"field": "metadata.name", "order": "desc"}],
                }),
            )
            .await;
        assert_eq!(posted.names(), ["mixer", "Bread-Oven.v2"]);
    })
    .await;
}

#[tokio::test]
async fn predicates_select_in_every_form() {
    on_bakery(async |portal| {
        let select = async |query: Value| {
            let body = json!({
                "query": query,
                "orderBy": [{"field": "metadata.name", "order": "asc"}],
            });
            portal.post(BY_QUERY, body).await.names()
        };
        let apis = json!({"$all": [{"kind": "api"}, {"spec.type": {"$in": ["openapi", "grpc"]}}]});
        assert_eq!(select(apis).await, ["baking", "dough"]);
        let any = json!({"$any": [{"spec.type": "utility"}, {"kind": "system"}]});
        assert_eq!(select(any).await, ["gas-line", "kitchen"]);
        let no_title = json!({"kind": "group", "metadata.title": {"$exists": false}});
        assert_eq!(select(no_title).await, ["platform"]);
        let tagged = json!({"metadata.tags": {"$contains": "rest"}});
        assert_eq!(select(tagged).await, ["baking"]);
        let prefix = json!({"metadata.name": {"$hasPrefix": "mix"}});
        assert_eq!(select(prefix).await, ["mixer", "mixer"]);
        let related = json!({"relations": {"$contains": {"type": "partOf", "targetRef": "system:default/kitchen"}}});
        assert_eq!(select(related).await, ["baking", "Bread-Oven.v2", "mixer"]);
        let wrong = portal.post(BY_QUERY, json!({"query": {"kind": {"$like": "x"}}})).await;
        assert_eq!(wrong.problem(), (400, "InputError".to_owned()));
        assert!(wrong.detail().contains("$.kind"), "{}", wrong.detail());
    })
    .await;
}

#[tokio::test]
async fn by_refs_keeps_order_and_nulls() {
    on_bakery(async |portal| {
        let refs = json!([
            "component:depot/mixer",
            "component:default/gone",
            "component:mixer",
            "component:default/mixer",
        ]);
        let path = "/api/catalog/entities/by-refs";
        let items = portal.post(path, json!({"entityRefs": refs})).await.ok()["items"].take();
        assert_eq!(items[0]["metadata"]["namespace"], "depot");
        assert_eq!(
            (&items[1], &items[2]),
            (&Value::Null, &Value::Null),
            "refs are written in full"
        );
        assert_eq!(items[3]["metadata"]["namespace"], "default");
        let body = json!({"entityRefs": refs, "fields": ["metadata.name"]});
        let filtered = portal
            .post(&format!("{path}?filter=metadata.namespace=depot"), body)
            .await
            .ok();
        assert_eq!(
            filtered["items"],
            json!([{"metadata": {"name": "mixer"}}, null, null, null])
        );
    })
    .await;
}

#[tokio::test]
async fn fields_leave_out_the_rest() {
    on_bakery(async |portal| {
        let fields = "fields=kind,metadata.annotations.bakery.test/Model-No&fields=spec.type";
        let oven = portal
            .get(&format!("{BY_QUERY}?filter=metadata.labels.shift&{fields}"))
            .await;
        assert_eq!(
            oven.ok()["items"],
            json!([{
                "kind": "Component",
                "metadata": {"annotations": {"bakery.test/Model-No": "Mixed Case 7"}},
                "spec": {"type": "machine"},
            }])
        );
        let bracket = portal.get(&format!("{BY_QUERY}?fields=spec%5B0%5D")).await;
        assert_eq!(bracket.problem(), (400, "InputError".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn facets_count_the_values_as_written() {
    on_bakery(async |portal| {
        let path = "/api/catalog/entity-facets";
        let facets = portal
            .get(&format!(
                "{path}?facet=spec.type&facet=nope&filter=kind=component"
            ))
            .await
            .ok();
        let counts = facets["facets"]["spec.type"].as_array().unwrap();
        assert_eq!(counts.len(), 4);
        assert!(
            counts.contains(&json!({"value": "machine", "count": 1})),
            "{counts:?}"
        );
        assert!(
            counts.contains(&json!({"value": "Machine", "count": 1})),
            "{counts:?}"
        );
        assert_eq!(facets["facets"]["nope"], json!([]));
        let posted = portal
            .post(
                path,
                json!({"facets": ["kind"], "query": {"kind": {"$in": ["api", "user"]}}}),
            )
            .await
            .ok();
        let kinds = posted["facets"]["kind"].as_array().unwrap();
        assert_eq!(kinds.len(), 2);
        assert!(
            kinds.contains(&json!({"value": "API", "count": 2})),
            "{kinds:?}"
        );
        assert_eq!(
            portal.get(path).await.problem(),
            (400, "InputError".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn one_entity_by_name_by_uid_and_with_its_ancestry() {
    on_bakery(async |portal| {
        let path = "/api/catalog/entities/by-name/COMPONENT/Default/bread-oven.V2";
        let oven = portal.get(path).await.ok();
        assert_eq!(oven["metadata"]["name"], "Bread-Oven.v2");
        let dangling = json!({"type": "dependsOn", "targetRef": "component:default/gone"});
        assert!(oven["relations"].as_array().unwrap().contains(&dangling));
        let uid = oven["metadata"]["uid"].as_str().unwrap();
        let same = portal
            .get(&format!("/api/catalog/entities/by-uid/{uid}"))
            .await
            .ok();
        assert_eq!(same, oven);
        for missing in [
            "by-uid/not-a-uid",
            "by-uid/00000000-0000-0000-0000-000000000000",
        ] {
            let answer = portal
                .get(&format!("/api/catalog/entities/{missing}"))
                .await;
            assert_eq!(
                answer.problem(),
                (404, "NotFoundError".to_owned()),
                "{missing}"
            );
        }
        let ancestry = portal.get(&format!("{path}/ancestry")).await.ok();
        assert_eq!(ancestry["rootEntityRef"], "component:default/bread-oven.v2");
        let parent = &ancestry["items"][1]["entity"];
        assert_eq!(parent["kind"], "Location");
        let parent = format!(
            "location:default/{}",
            parent["metadata"]["name"].as_str().unwrap()
        );
        assert_eq!(ancestry["items"][0]["parentEntityRefs"], json!([parent]));
        assert_eq!(ancestry["items"][1]["parentEntityRefs"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_list_is_whole_or_paged_by_link() {
    on_bakery(async |portal| {
        let whole = portal.get("/api/catalog/entities").await.ok();
        assert_eq!(whole.as_array().unwrap().len(), portal.catalog.len());
        let mut path =
            "/api/catalog/entities?filter=kind=component&limit=3&order=asc:metadata.name"
                .to_owned();
        let mut seen = Vec::new();
        loop {
            let page = portal.get(&path).await;
            seen.extend(names(&page.ok()));
            let Some(link) = page.header("link") else {
                break;
            };
            path = link
                .strip_prefix('<')
                .unwrap()
                .split_once('>')
                .unwrap()
                .0
                .to_owned();
        }
        assert_eq!(seen, by_name(&portal, "filter=kind=component").await);
        for wrong in [
            "limit=0",
            "limit=x",
            "order=metadata.name",
            "offset=-1",
            "limit=10001",
        ] {
            let answer = portal.get(&format!("/api/catalog/entities?{wrong}")).await;
            assert_eq!(answer.problem(), (400, "InputError".to_owned()), "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_streamed_whole() {
    use std::fmt::Write as _;
    portico_testkit::on_each_engine(async |store| {
        let yaml = (0..1100).fold(String::new(), |mut yaml, at| {
            let _ = writeln!(
                yaml,
                "---\napiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {{name: s{at:04}}}\nspec: {{owner: o}}"
            );
            yaml
        });
        let portal = Portal::new(store, &yaml, "development").await;
        let answer = portal.get("/api/catalog/entities?filter=kind=system&fields=metadata.name").await;
        assert_eq!(answer.header("content-length"), None, "not known when the answer begins");
        let mut names = names(&answer.ok());
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 1100);
    })
    .await;
}

#[tokio::test]
async fn refresh_reads_the_source_again() {
    on_bakery(async |portal| {
        portal.write(&crate::support::BAKERY.replace("title: Bread oven", "title: New oven"));
        let refresh = async |entity_ref: &str| {
            portal
                .post("/api/catalog/refresh", json!({"entityRef": entity_ref}))
                .await
        };
        let answer = refresh("component:mixer").await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
        portal.ingest().await;
        let path = "/api/catalog/entities/by-name/component/default/bread-oven.v2";
        assert_eq!(portal.get(path).await.ok()["metadata"]["title"], "New oven");
        assert_eq!(
            refresh("component:gone").await.problem(),
            (404, "NotFoundError".to_owned())
        );
        assert_eq!(
            refresh("mixer").await.problem(),
            (400, "InputError".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn a_failed_document_is_told_and_its_last_version_stays() {
    on_bakery(async |portal| {
        let failed = "/api/catalog/entities/unprocessed/failed";
        let first = portal.get(failed).await.ok();
        let entry = &first["entities"][0];
        assert_eq!(entry["entity_ref"], "component:default/nobodys");
        assert_eq!(
            entry["entity_id"],
            Value::Null,
            "there never was a good version"
        );

        portal.write(
            &crate::support::BAKERY.replace("type: utility, owner: platform", "type: utility"),
        );
        portal
            .post(
                "/api/catalog/refresh",
                json!({"entityRef": "component:mixer"}),
            )
            .await
            .status
            .as_u16();
        portal.ingest().await;
        let owned = portal.get(&format!("{failed}?owner=platform")).await.ok();
        let entry = &owned["entities"][0];
        assert_eq!(entry["entity_ref"], "resource:default/gas-line");
        assert!(entry["errors"][0]["line"].is_i64());
        let uid = entry["entity_id"].as_str().unwrap();
        let path = format!("/api/catalog/entities/unprocessed/delete/{uid}");
        assert_eq!(portal.delete(&path).await.status, StatusCode::NO_CONTENT);
        let gone = portal
            .get("/api/catalog/entities/by-name/resource/default/gas-line")
            .await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        let pending = portal
            .get("/api/catalog/entities/unprocessed/pending")
            .await
            .ok();
        assert_eq!(
            pending,
            json!({"type": "pending", "entities": [], "total": 0})
        );
    })
    .await;
}

#[tokio::test]
async fn head_answers_like_get() {
    on_bakery(async |portal| {
        let path = "/api/catalog/entities/by-name/component/default/mixer";
        let answer = portal.send(portal.request(Method::HEAD, path)).await;
        assert_eq!(answer.status, StatusCode::OK);
    })
    .await;
}
