//! Unregistering an entity: what goes, and who may have it go.

use axum::{Router, extract::Path, http::Method, routing::get};
use portico_access::Principal;
use portico_catalog::{CatalogError, OnConflict, Removal, SourceKey};
use portico_model::EntityRef;
use tokio::net::TcpListener;

use crate::{
    support::{BAKERY, Portal},
    visibility::put_in_force,
};

const ADMIN: Principal = Principal::LocalAdmin;
const MORE: &str = "
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: joan}
spec: {memberOf: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: rosa}
spec: {memberOf: []}
";

fn component(name: &str, owner: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\nspec: \
         {{type: service, lifecycle: production, owner: {owner}}}\n"
    )
}

fn list(name: &str, targets: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: {name}}}\nspec: \
         {{targets: [{targets}]}}\n"
    )
}

/// `list` brings `cakes` and `pies`, which bakers own, and `flour`, which platform owns and
/// `other` brings too.
fn file(name: &str) -> String {
    match name {
        "list.yaml" => {
            list("list", "./own.yaml, ./shared.yaml") + "---\n" + &component("cakes", "bakers")
        }
        "own.yaml" => component("pies", "bakers"),
        "other.yaml" => list("other", "./shared.yaml"),
        _ => component("flour", "platform"),
    }
}

/// A portal where Joan registered the list, and then somebody the other.
struct Bakery {
    portal: Portal,
    files: String,
}

impl Bakery {
    fn person(&self, name: &str) -> Principal {
        let user = EntityRef::new("user", "default", name);
        self.portal.catalog.principal(&user).unwrap()
    }

    async fn register(&self, who: &Principal, name: &str) -> uuid::Uuid {
        let key = SourceKey {
            kind: "url".to_owned(),
            target: format!("http://{}/{name}", self.files),
        };
        let catalog = &self.portal.catalog;
        let registered = catalog
            .register_location(who, &key, OnConflict::Reject)
            .await;
        self.portal.ingest().await;
        catalog.follow().await.unwrap();
        registered.unwrap().location.id
    }

    async fn removal(&self, who: &Principal, name: &str) -> Result<Removal, CatalogError> {
        let name = EntityRef::new("component", "default", name);
        self.portal.catalog.removal_of(who, &name).await
    }

    async fn remove(&self, who: &Principal, name: &str) -> Result<Vec<String>, CatalogError> {
        let name = EntityRef::new("component", "default", name);
        self.portal.catalog.remove(who, &name).await
    }

    fn has(&self, name: &str) -> bool {
        let name = format!("component:default/{name}");
        self.portal.catalog.sees(&ADMIN, &name)
    }

    /// Whether somebody is offered to unregister an entity.
    async fn offered(&self, who: &Principal, name: &str) -> bool {
        self.removal(who, name).await.unwrap().may
    }
}

async fn on_lists<F: Future<Output = ()>>(test: impl Fn(Bakery) -> F) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let files = listener.local_addr().unwrap().to_string();
    let serve = async |Path(name): Path<String>| file(&name);
    let router = Router::new().route("/{name}", get(serve));
    tokio::spawn(async move { axum::serve(listener, router).await });
    portico_testkit::on_each_engine(async |store| {
        let yaml = format!("{BAKERY}{MORE}");
        let portal = Portal::reading_from(store, &yaml, "development", &files).await;
        let files = files.clone();
        let bakery = Bakery { portal, files };
        let joan = bakery.person("joan");
        bakery.register(&joan, "list.yaml").await;
        test(bakery).await;
    })
    .await;
}

#[tokio::test]
async fn what_would_go_is_what_goes_and_what_another_location_brings_stays() {
    on_lists(async |it| {
        it.register(&ADMIN, "other.yaml").await;
        let joan = it.person("joan");
        let removal = it.removal(&joan, "cakes").await.unwrap();
        let location = removal.location.unwrap();
        assert!(location.key.target.ends_with("/list.yaml"));
        assert!(removal.may, "who registered it unregisters it");
        let named = |name: &str| {
            removal
                .affected
                .contains(&format!("component:default/{name}"))
        };
        assert!(named("cakes") && named("pies") && !named("flour"));
        assert_eq!(it.remove(&joan, "cakes").await.unwrap(), removal.affected);
        assert!(!it.has("cakes") && !it.has("pies") && it.has("flour"));
    })
    .await;
}

#[tokio::test]
async fn who_owns_all_that_goes_unregisters_it_and_nobody_else_does() {
    on_lists(async |it| {
        let (ada, rosa) = (it.person("ada"), it.person("rosa"));
        assert!(!it.offered(&ada, "cakes").await, "flour is not hers");
        let refused = it.remove(&ada, "cakes").await.unwrap_err();
        assert!(matches!(refused, CatalogError::Denied(_)), "{refused}");
        assert!(it.has("cakes"));

        it.register(&ADMIN, "other.yaml").await;
        assert!(!it.offered(&rosa, "cakes").await);
        let refused = it.remove(&rosa, "cakes").await.unwrap_err();
        assert!(matches!(refused, CatalogError::Denied(_)), "{refused}");
        assert!(it.offered(&ada, "cakes").await, "flour stays now");
        it.remove(&ada, "cakes").await.unwrap();
        assert!(!it.has("cakes") && it.has("flour"));
    })
    .await;
}

#[tokio::test]
async fn the_right_is_the_one_of_the_api() {
    on_lists(async |it| {
        let other = it.register(&ADMIN, "other.yaml").await;
        let ada = it.person("ada");
        let list = it.removal(&ada, "cakes").await.unwrap().location.unwrap();
        let refused = it.portal.catalog.unregister_location(&ada, other).await;
        assert!(
            matches!(refused, Err(CatalogError::Denied(_))),
            "{refused:?}"
        );
        let path = format!("/api/catalog/locations/{}", list.id);
        let delete = it.portal.request(Method::DELETE, &path);
        put_in_force(
            &it.portal,
            "@id(\"kept\")
             forbid (principal, action == Action::\"catalog.location.delete\", resource)
             when { resource.target like \"*list*\" };",
        );
        for who in [&ada, &ADMIN] {
            assert!(!it.offered(who, "cakes").await, "a policy forbids it");
            assert!(it.remove(who, "cakes").await.is_err());
        }
        assert_eq!(it.portal.send(delete).await.status, 403);
        assert!(it.has("cakes"));
    })
    .await;
}

#[tokio::test]
async fn a_location_that_is_hidden_does_not_go_nor_does_its_entity() {
    on_lists(async |it| {
        put_in_force(
            &it.portal,
            "@id(\"hidden\")
             forbid (principal, action == Action::\"catalog.location.read\", resource)
             when { resource.target like \"*list*\" };",
        );
        let cakes = EntityRef::new("component", "default", "cakes");
        let may = it.portal.catalog.may_remove(&ADMIN, &cakes).await;
        assert!(!may.unwrap());
        let hidden = it.remove(&ADMIN, "cakes").await;
        assert!(
            matches!(hidden, Err(CatalogError::NotFound(_))),
            "{hidden:?}"
        );
        assert!(it.has("cakes"));
    })
    .await;
}

#[tokio::test]
async fn an_entity_of_the_configuration_goes_alone() {
    on_lists(async |it| {
        let ada = it.person("ada");
        let removal = it.removal(&ada, "mixer").await.unwrap();
        assert!(removal.location.is_none() && removal.may);
        assert_eq!(removal.affected, ["component:default/mixer"]);
        assert_eq!(it.remove(&ada, "mixer").await.unwrap(), removal.affected);
        assert!(!it.has("mixer"));
        let rosa = it.person("rosa");
        assert!(!it.offered(&rosa, "counter").await);
        assert!(it.remove(&rosa, "counter").await.is_err());
        assert!(it.offered(&ada, "counter").await);
    })
    .await;
}
