//! Full-text search.

use serde_json::{Value, json};

use crate::support::{Portal, on_bakery};

async fn search(portal: &Portal, query: &str) -> Value {
    portal.get(&format!("/api/search/query?{query}")).await.ok()
}

fn locations(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().unwrap();
    results
        .iter()
        .map(|hit| hit["document"]["location"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn finds_documents_that_a_client_can_show() {
    on_bakery(async |portal| {
        let answer = search(&portal, "term=oven").await;
        assert_eq!(
            locations(&answer),
            ["/catalog/default/component/bread-oven.v2"]
        );
        assert_eq!(answer["numberOfResults"], 1);
        let hit = &answer["results"][0];
        assert_eq!(
            (&hit["type"], &hit["rank"]),
            (&json!("software-catalog"), &json!(1))
        );
        let tagged = hit["highlight"]["fields"]["title"].as_str().unwrap();
        let pre = hit["highlight"]["preTag"].as_str().unwrap();
        assert!(tagged.contains(&format!("{pre}oven")), "{tagged}");
        let document = &hit["document"];
        assert_eq!(document["title"], "Bread oven");
        assert_eq!(document["kind"], "Component");
        assert_eq!(document["componentType"], "machine");
        assert_eq!(document["lifecycle"], "production");
        assert_eq!(document["owner"], "group:default/bakers");
        assert_eq!(
            document["authorization"]["resourceRef"],
            "component:default/bread-oven.v2"
        );
    })
    .await;
}

#[tokio::test]
async fn filters_and_types_narrow() {
    on_bakery(async |portal| {
        let kinds = search(
            &portal,
            "term=mixer&filters[kind]=Component&filters[namespace]=depot",
        )
        .await;
        assert_eq!(locations(&kinds), ["/catalog/depot/component/mixer"]);
        let owned = search(
            &portal,
            "filters[owner]=platform&filters[kind][]=API&filters[kind][]=Resource",
        )
        .await;
        let mut owned = locations(&owned);
        owned.sort_unstable();
        assert_eq!(
            owned,
            [
                "/catalog/default/api/dough",
                "/catalog/default/resource/gas-line"
            ]
        );
        let docs = search(&portal, "term=mixer&types[]=techdocs").await;
        assert_eq!(docs["numberOfResults"], 0);
    })
    .await;
}

#[tokio::test]
async fn pages_go_both_ways() {
    on_bakery(async |portal| {
        let first = search(&portal, "pageLimit=5&filters[kind]=component").await;
        assert_eq!(first["numberOfResults"], 4);
        assert_eq!(first.get("nextPageCursor"), None);
        let first = search(&portal, "pageLimit=3&filters[kind]=component").await;
        assert_eq!(first.get("previousPageCursor"), None);
        let next = first["nextPageCursor"].as_str().unwrap();
        let last = search(
            &portal,
            &format!("pageLimit=3&filters[kind]=component&pageCursor={next}"),
        )
        .await;
        assert_eq!(
            (locations(&last).len(), last.get("nextPageCursor")),
            (1, None)
        );
        assert_eq!(last["results"][0]["rank"], 4);
        let back = last["previousPageCursor"].as_str().unwrap();
        let back = search(
            &portal,
            &format!("pageLimit=3&filters[kind]=component&pageCursor={back}"),
        )
        .await;
        assert_eq!(locations(&back), locations(&first));
        for wrong in ["pageLimit=101", "pageLimit=x", "pageCursor=!"] {
            let answer = portal.get(&format!("/api/search/query?{wrong}")).await;
            assert_eq!(answer.problem(), (400, "InputError".to_owned()), "{wrong}");
        }
    })
    .await;
}
