//! Within a major version the WIT package only grows.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::{fs, path::Path};

use portico_plugin_package::{World, contract};
use wit_component::semver_check;

/// Whether a world of another text of the package can be replaced by ours.
fn check(published: &str, world: World) -> Result<(), String> {
    let (mut resolve, id) = contract::world(world, contract::version()).unwrap();
    // Both have the same name; the check ignores versions, a `Resolve` does not.
    let published = renamed(published);
    let package = resolve.push_source("published.wit", &published).unwrap();
    let before = resolve.packages[package].worlds[world.name()];
    semver_check(resolve, before, id).map_err(|error| format!("{error:#}"))
}

/// The text with a version that no other has.
fn renamed(text: &str) -> String {
    let start = text.find("package portico:plugin@").unwrap();
    let end = start + text[start..].find(';').unwrap();
    format!(
        "{}package portico:plugin@0.0.1-published{}",
        &text[..start],
        &text[end..]
    )
}

fn ours() -> String {
    let mut texts: Vec<(&str, &str)> = contract::files().collect();
    // The file with the package's name comes first.
    texts.sort_by_key(|(name, _)| *name != "package.wit");
    texts.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn published_worlds_are_still_served() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/published");
    for file in fs::read_dir(folder).into_iter().flatten() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for world in World::ALL {
            if let Err(error) = check(&text, world) {
                panic!(
                    "{} changed incompatibly since {}: {error}",
                    world.name(),
                    path.display()
                );
            }
        }
    }
}

#[test]
fn a_removed_field_is_noticed() {
    assert_eq!(check(&ours(), World::ScaffolderAction), Ok(()));
    let before = ours().replace("dry-run: bool,", "dry-run: bool, wet-run: bool,");
    assert!(check(&before, World::ScaffolderAction).is_err());
    assert_eq!(check(&before, World::ScorecardCheck), Ok(()));
}
