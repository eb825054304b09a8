//! The WIT package that plugins are built against, as it is in this Portico.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use semver::Version;
use wit_parser::{PackageId, Resolve, SourceMap, WorldId, WorldItem, WorldKey};

use crate::{Capability, World};

/// The name of the package, without its version.
pub const PACKAGE: &str = "portico:plugin";

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../wit/portico-plugin-1");

static CONTRACT: LazyLock<Result<Contract, String>> =
    LazyLock::new(|| Contract::parse(None).map_err(|error| error.to_string()));

static NO_VERSION: Version = Version::new(0, 0, 0);

struct Contract {
    resolve: Resolve,
    package: PackageId,
    version: Version,
}

/// The contract in this program is broken, which its tests rule out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the WIT package in this program cannot be read: {0}")]
pub struct BrokenContract(String);

/// The files of the package: names and texts.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES
        .files()
        .filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

/// The version of the package.
pub fn version() -> &'static Version {
    CONTRACT
        .as_ref()
        .map_or(&NO_VERSION, |contract| &contract.version)
}

/// Whether a component built against that version of the package runs here: the major versions
/// are the same, and ours is not older.
pub fn runs(version: &Version) -> bool {
    let ours = self::version();
    version.major == ours.major && version <= ours
}

/// The package, and a world of it, under the version that a component was built against.
///
/// Names of interfaces have the version in them. As the package only grows within a major
/// version, ours is a fitting description of what an older component may use.
pub fn world(world: World, version: &Version) -> Result<(Resolve, WorldId), BrokenContract> {
    let contract =
        Contract::parse(Some(version)).map_err(|error| BrokenContract(error.to_string()))?;
    let id = contract.world(world);
    id.map(|id| (contract.resolve, id))
        .ok_or_else(|| BrokenContract(format!("it has no world `{}`", world.name())))
}

/// The capabilities a world may ask for.
pub fn capabilities(world: World) -> Vec<Capability> {
    CONTRACT
        .as_ref()
        .map_or_else(|_| Vec::new(), |contract| contract.capabilities(world))
}

impl Contract {
    fn parse(version: Option<&Version>) -> Result<Self, Box<dyn std::error::Error>> {
        let mut sources = SourceMap::default();
        for (name, text) in files() {
            sources.push_str(name, text);
        }
        let mut group = sources.parse().map_err(|(_, error)| error)?;
        if let Some(version) = version {
            group.main.name.version = Some(version.clone());
        }
        let mut resolve = Resolve::default();
        let package = resolve.push_group(group)?;
        let version = resolve
            .packages
            .get(package)
            .and_then(|package| package.name.version.clone())
            .ok_or("the package has no version")?;
        Ok(Self {
            resolve,
            package,
            version,
        })
    }

    fn world(&self, world: World) -> Option<WorldId> {
        let package = self.resolve.packages.get(self.package)?;
        package.worlds.get(world.name()).copied()
    }

    fn capabilities(&self, world: World) -> Vec<Capability> {
        let Some(world) = self.world(world).and_then(|id| self.resolve.worlds.get(id)) else {
            return Vec::new();
        };
        let imports = world.imports.iter();
        imports
            .filter_map(|(key, item)| match (key, item) {
                (WorldKey::Interface(id), WorldItem::Interface { .. }) => {
                    let name = self.resolve.interfaces.get(*id)?.name.as_deref()?;
                    Capability::from_name(name)
                }
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_whole() {
        assert_eq!(CONTRACT.as_ref().err(), None);
        assert_eq!(version().major, 1);
        for each in World::ALL {
            world(each, version()).unwrap();
        }
    }

    #[test]
    fn every_capability_belongs_to_a_world() {
        for capability in Capability::ALL {
            assert!(
                World::ALL
                    .into_iter()
                    .any(|world| capabilities(world).contains(&capability))
            );
        }
        let check = capabilities(World::ScorecardCheck);
        assert!(check.contains(&Capability::Repository) && !check.contains(&Capability::Scm));
    }

    #[test]
    fn versions_that_run() {
        assert!(runs(&Version::new(1, 0, 0)));
        assert!(!runs(&Version::new(0, 9, 0)));
        assert!(!runs(&Version::new(1, version().minor + 1, 0)));
        assert!(!runs(&Version::new(2, 0, 0)));
    }
}
