//! Lists while a policy hides about half of the catalog from who asks.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use crate::{
    Args,
    client::{Client, Request},
    generate,
    process::Portal,
    report::table,
    requests,
    run::{fresh_database, ingested, number, write_config},
};

/// Of the generated organisation this hides all APIs and systems, and half of the components:
/// services, but for those who own them.
const POLICY: &str = r#"@id("services-are-for-their-owners")
forbid (principal, action == Action::"catalog.entity.read", resource is Entity)
when {
    !(principal in Role::"administrator") &&
    (resource.kind == "api" || resource.kind == "system" ||
     (resource has type && resource.type == "service"))
}
unless { resource.owners.containsAny(principal.owns) };
"#;

/// Measures lists as an administrator, who sees everything, and as somebody who sees half.
pub(crate) async fn all(args: &Args) -> Result<()> {
    println!("# Lists under a policy, measured\n\n```cedar\n{POLICY}```");
    for &size in &args.sizes {
        let folder = tempfile::tempdir()?;
        let files = folder.path().join("catalog");
        let organisation = generate::organisation(&files, size, args.seed)?;
        let database = args.postgres.as_deref().map(fresh_database).transpose()?;
        let config = write_config(folder.path(), "policies", &files, database.as_deref())?;
        add_policy(folder.path(), &config)?;
        let data = folder.path().join("data");
        let portal = Portal::start(args, &config, &data).await?;
        ingested(&portal, organisation.entities).await?;
        let person = organisation
            .refs
            .iter()
            .find(|it| it.starts_with("user:"))
            .context("the organisation has no person")?;
        for (who, sign_in_as) in [("an administrator", "local-admin"), ("a person", person)] {
            let cookie = requests::sign_in(portal.port, sign_in_as).await?;
            let sees = sees(portal.port, &cookie).await?;
            let cases = requests::lists_of(&organisation, &cookie);
            let rows = requests::all(portal.port, &cases, args.load_seconds).await?;
            let title = format!(
                "{who}, who sees {sees} of {} entities",
                organisation.entities
            );
            table(&title, &requests::HEAD, &rows);
        }
    }
    Ok(())
}

fn add_policy(folder: &Path, config: &Path) -> Result<()> {
    let policy = folder.join("half.cedar");
    fs::write(&policy, POLICY)?;
    let text = fs::read_to_string(config)?;
    let named = format!("{text}permissions:\n  policies: [{}]\n", policy.display());
    Ok(fs::write(config, named)?)
}

async fn sees(port: u16, cookie: &str) -> Result<u64> {
    let count = Request::get("/api/catalog/entities/by-query?limit=1").signed_in(cookie);
    let answer = Client::connect(port).await?.send(&count).await?;
    Ok(number(&answer.body, "totalItems"))
}
