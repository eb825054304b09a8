//! What pickers offer.

use portico_tasks::{Autocomplete, AutocompleteContext};
use serde_json::json;

use super::Setting;
use crate::support::ADMIN;

#[tokio::test]
async fn repositories_and_branches_are_offered() {
    let setting = Setting::new(json!([])).await;
    for name in ["orders", "bread"] {
        setting.peer.add(name, &[("README.md", "x")]);
    }
    setting.peer.push("orders", "fix", &[("README.md", "y")]);
    let tasks = setting.portal.tasks();
    let host = Some(setting.peer.host().to_owned());
    let ask = async |resource: &str, owner: Option<&str>, repository: Option<&str>| {
        let context = AutocompleteContext {
            host: host.clone(),
            owner: owner.map(str::to_owned),
            repository: repository.map(str::to_owned),
        };
        let question = Autocomplete {
            token: None,
            context,
        };
        let offered = tasks.autocomplete(&ADMIN, "github", resource, &question);
        let offered = offered.await.map_err(|error| error.to_string())?;
        Ok::<_, String>(offered.into_iter().map(|it| it.id).collect::<Vec<_>>())
    };
    assert_eq!(
        ask("repositoriesWithOwner", None, None).await.unwrap(),
        ["contoso/bread", "contoso/orders"]
    );
    let of_contoso = ask("repositories", Some("contoso"), None).await.unwrap();
    assert_eq!(of_contoso, ["bread", "orders"]);
    let branches = ask("branches", Some("contoso"), Some("orders"))
        .await
        .unwrap();
    assert_eq!(branches, ["fix", "main"]);
    let missing = ask("branches", Some("contoso"), None).await.unwrap_err();
    assert!(missing.contains("context.repository"), "{missing}");
    let unknown = ask("stars", None, None).await.unwrap_err();
    assert!(
        unknown.contains("there are repositoriesWithOwner"),
        "{unknown}"
    );
}
