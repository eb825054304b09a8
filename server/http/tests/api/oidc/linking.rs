//! Who somebody is in the catalog.

use axum::http::Method;
use portico_store::Store;
use portico_testkit::{OidcPeer, on_each_engine};
use serde_json::{Value, json};

use super::{
    browser::{Browser, code},
    portal,
};
use crate::support::TOKEN;

const OTHER: &str = "aaaaaaaa-0000-0000-0000-000000000099";

/// Where somebody with these claims ends up, by one resolver: a user, or the code of a failure.
async fn linked(store: Store, resolver: &str, person: Value, entities: &str) -> String {
    let more = format!("signIn: {{ resolvers: [{{ {resolver} }}] }}");
    found_by(store, &more, person, entities).await
}

/// The same, with more keys of the configuration.
async fn found_by(store: Store, more: &str, person: Value, entities: &str) -> String {
    let (portal, peer) = portal(store, more, entities).await;
    peer.world().many_tenants = more.contains("organizations");
    peer.world().person = person;
    let mut browser = Browser::new(&portal);
    let location = browser.sign_in(&peer).await;
    if location != "/catalog" {
        return code(&location);
    }
    for user in ["linked", "ada", "grace", "twin"] {
        let subject = format!("user:default/{user}");
        let sessions = portal.catalog.store().sessions_of(&subject, 0).await;
        if !sessions.unwrap().is_empty() {
            return user.to_owned();
        }
    }
    panic!("signed in as nobody");
}

#[tokio::test]
async fn each_resolver_finds_whom_it_is_for() {
    let user_id = "resolver: userIdMatchingUserEntityAnnotation";
    let annotation = "resolver: emailMatchingUserEntityAnnotation";
    let profile = "resolver: emailMatchingUserEntityProfileEmail";
    let local = "resolver: emailLocalPartMatchingUserEntityName, allowedDomains: [contoso.test]";
    let username = "resolver: preferredUsernameMatchingUserEntityName";
    let none = "not-in-catalog";
    let email = |email: &str| json!({ "oid": OTHER, "email": email });
    for (resolver, person, found) in [
        (user_id, json!({}), "linked"),
        (user_id, json!({ "oid": OTHER }), none),
        (annotation, email("Linked@Contoso.test"), "linked"),
        (annotation, email("linked@profile.test"), none),
        (
            annotation,
            json!({ "email": "linked@contoso.test", "xms_edov": false }),
            none,
        ),
        (profile, email("linked@profile.test"), "linked"),
        (profile, email("linked+tag@profile.test"), "linked"),
        (profile, email("linked@contoso.test"), none),
        (profile, json!({}), none),
        (local, email("grace@contoso.test"), "grace"),
        (local, email("grace@evil.test"), none),
        (local, email("grace@evil.test@contoso.test"), none),
        (username, json!({ "preferred_username": "grace" }), "grace"),
        (
            username,
            json!({ "preferred_username": "group:bakers" }),
            none,
        ),
    ] {
        let database = portico_testkit::Database::sqlite();
        let store = database.store().await;
        let found_now = linked(store.clone(), resolver, person.clone(), "").await;
        assert_eq!(found_now, found, "{resolver} {person}");
        store.close().await;
        database.remove().await;
    }
}

#[tokio::test]
async fn an_address_counts_when_it_is_verified_or_the_tenant_is_the_one_that_is_configured() {
    let many = format!(
        "tenantId: organizations, allowedTenants: [{}], ",
        OidcPeer::TENANT
    );
    let trusted = format!("{many}trustEmail: true, ");
    let person = |more: Value| {
        let mut person = json!({ "oid": OTHER, "email": "linked@profile.test" });
        person
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        person
    };
    let none = "not-in-catalog";
    for (more, person, found) in [
        (&*many, person(json!({})), none),
        (&*many, person(json!({ "xms_edov": true })), "linked"),
        (&*many, person(json!({ "email_verified": true })), "linked"),
        ("", person(json!({ "email_verified": false })), none),
        ("", person(json!({})), "linked"),
        (&*trusted, person(json!({})), "linked"),
        (&*trusted, person(json!({ "xms_edov": false })), none),
    ] {
        let database = portico_testkit::Database::sqlite();
        let store = database.store().await;
        let resolver = "signIn: { resolvers: [{ resolver: emailMatchingUserEntityProfileEmail }] }";
        let found_now = found_by(
            store.clone(),
            &format!("{more}{resolver}"),
            person.clone(),
            "",
        )
        .await;
        assert_eq!(found_now, found, "{more} {person}");
        store.close().await;
        database.remove().await;
    }
}

#[tokio::test]
async fn two_that_claim_to_be_one_person_are_refused() {
    let twin = |annotations: &str| {
        format!(
            "---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata:\n  name: twin\n  \
             annotations: {{ graph.microsoft.com/user-id: {}, {annotations} }}\n\
             spec: {{ memberOf: [] }}\n",
            OidcPeer::OID
        )
    };
    let resolver = "resolver: userIdMatchingUserEntityAnnotation";
    on_each_engine(async |store| {
        let found = linked(store, resolver, json!({}), &twin("a: b")).await;
        assert_eq!(found, "ambiguous");
    })
    .await;
    on_each_engine(async |store| {
        let elsewhere = "graph.microsoft.com/tenant-id: 99999999-2222-3333-4444-555555555555";
        let found = linked(store, resolver, json!({}), &twin(elsewhere)).await;
        assert_eq!(found, "linked", "the twin is of another tenant");
    })
    .await;
}

#[tokio::test]
async fn groups_and_roles_of_the_provider_make_members_of_groups_here() {
    on_each_engine(async |store| {
        let more = "signIn: { groups: [{ from: Portal.Admin, group: platform }, \
                    { from: g-1, group: team }] }";
        let team = "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: team }\n\
                    spec: { type: team, children: [], parent: division }\n---\napiVersion: \
                    backstage.io/v1alpha1\nkind: Component\nmetadata: { name: owned }\nspec: { \
                    type: service, lifecycle: production, owner: division }\n";
        let (portal, peer) = portal(store, more, team).await;
        let owned = "/api/catalog/entities/by-name/component/default/owned";
        let admin = portal.request(Method::GET, owned).token(TOKEN);
        let uid = portal.send(admin).await.ok()["metadata"]["uid"].clone();
        let uid = uid.as_str().unwrap();
        let by_uid = format!("/api/catalog/entities/by-uid/{uid}");
        for (person, audit, delete) in [
            (json!({}), 403, 403),
            (
                json!({ "groups": ["g-2"], "roles": ["g-2", "portal.admin"] }),
                403,
                403,
            ),
            (json!({ "groups": ["g-1"] }), 403, 204),
            (json!({ "roles": ["Portal.Admin"] }), 200, 404),
        ] {
            peer.world().person = person.clone();
            let mut browser = Browser::new(&portal);
            assert_eq!(browser.sign_in(&peer).await, "/catalog");
            let seen = browser.send(Method::GET, "/api/audit").await;
            assert_eq!(seen.status.as_u16(), audit, "{person}");
            let deleted = browser.send(Method::DELETE, &by_uid).await;
            assert_eq!(
                deleted.status.as_u16(),
                delete,
                "{person}: {}",
                deleted.text()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn guests_are_let_in_only_where_the_configuration_says_so() {
    on_each_engine(async |store| {
        let resolver = "resolver: userIdMatchingUserEntityAnnotation, \
                        dangerouslyAllowSignInWithoutUserInCatalog: true";
        let more = format!("signIn: {{ resolvers: [{{ {resolver} }}] }}");
        let (portal, peer) = portal(store, &more, "").await;
        peer.world().person = json!({ "oid": OTHER, "roles": ["Reader"] });
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        let guest = format!("guest:microsoft:{}/{OTHER}", OidcPeer::TENANT);
        assert_eq!(browser.roles_of(&guest).await, ["Reader"]);
    })
    .await;
}
