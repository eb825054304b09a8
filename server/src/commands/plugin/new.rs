//! `portico plugin new`: a folder with an example that builds as it is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use include_dir::{Dir, include_dir};
use portico_plugin_package::{World, contract};

use super::{Language, NewArgs};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/commands/plugin/templates");

/// The SDK, so that an author needs nothing but this program and Rust.
static SDK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../plugin-sdk/src");
static SDK_MANIFEST: &str = include_str!("../../../../plugin-sdk/Cargo.toml");

/// Where the SDK is put.
const SDK_FOLDER: &str = "portico-plugin-sdk";

pub(super) fn run(args: &NewArgs) -> Result<ExitCode> {
    let folder = args
        .folder
        .clone()
        .unwrap_or_else(|| PathBuf::from(args.id.name()));
    if folder
        .read_dir()
        .is_ok_and(|mut files| files.next().is_some())
    {
        bail!(
            "the folder {} is not empty: choose another with --folder",
            folder.display()
        );
    }
    write(args, &folder)?;
    println!("Made {} ({})\n", folder.display(), args.id);
    println!("  cd {}", folder.display());
    for step in next_steps(args.language) {
        println!("  {step}");
    }
    Ok(ExitCode::SUCCESS)
}

fn next_steps(language: Language) -> &'static [&'static str] {
    match language {
        Language::Rust => &[
            "cargo test                    # the logic, natively, against a mock of Portico",
            "portico plugin build          # one .wasm file",
        ],
        Language::Python => &["pip install -r requirements.txt", "portico plugin build"],
        Language::Javascript => &["npm install", "portico plugin build"],
    }
}

/// Writes the files of the template.
fn write(args: &NewArgs, folder: &Path) -> Result<()> {
    let world = World::from(args.world);
    let language = match args.language {
        Language::Rust => "rust",
        Language::Python => "python",
        Language::Javascript => "javascript",
    };
    let values = values(args)?;
    for part in ["common", language] {
        for name in ["all", world.name()] {
            if let Some(files) = TEMPLATES.get_dir(Path::new(part).join(name)) {
                write_all(files, files.path(), folder, &|text| fill(text, &values))?;
            }
        }
    }
    match args.language {
        Language::Rust if args.sdk.is_none() => write_sdk(&folder.join(SDK_FOLDER)),
        Language::Rust => Ok(()),
        Language::Python | Language::Javascript => write_wit(&folder.join("wit")),
    }
}

/// What the placeholders stand for.
fn values(args: &NewArgs) -> Result<Vec<(&'static str, String)>> {
    let name = args.id.name();
    let words: Vec<String> = name.split('-').map(capitalised).collect();
    let sdk = match &args.sdk {
        Some(folder) => fs::canonicalize(folder)
            .with_context(|| format!("{} is no folder", folder.display()))?
            .display()
            .to_string(),
        None => SDK_FOLDER.to_owned(),
    };
    Ok(vec![
        ("id", args.id.to_string()),
        ("name", name.to_owned()),
        ("library", name.replace('-', "_")),
        ("type", words.concat()),
        ("title", capitalised(&name.replace('-', " "))),
        ("publisher", args.publisher.clone()),
        ("world", World::from(args.world).name().to_owned()),
        ("sdk", sdk),
    ])
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + chars.as_str()
    })
}

fn fill(text: &str, values: &[(&'static str, String)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("<<{name}>>"), value)
    })
}

/// Writes the files of a folder in this program. The ending `.in` keeps tools away from files
/// that are not what their name says until they are filled in.
fn write_all(
    dir: &Dir<'_>,
    root: &Path,
    folder: &Path,
    change: &impl Fn(&str) -> String,
) -> Result<()> {
    for file in dir.files() {
        let path = file.path().strip_prefix(root).unwrap_or(file.path());
        let path = match path.extension() {
            Some(end) if end == "in" => path.with_extension(""),
            _ => path.to_owned(),
        };
        let text = file.contents_utf8().context("templates are texts")?;
        write_file(&folder.join(path), &change(text))?;
    }
    dir.dirs()
        .try_for_each(|dir| write_all(dir, root, folder, change))
}

fn write_sdk(folder: &Path) -> Result<()> {
    // Lints are those of Portico's own workspace.
    let manifest = SDK_MANIFEST.replace("[lints]\nworkspace = true\n\n", "");
    write_file(&folder.join("Cargo.toml"), &manifest)?;
    write_all(&SDK, Path::new(""), &folder.join("src"), &str::to_owned)?;
    write_wit(&folder.join("wit"))
}

fn write_wit(folder: &Path) -> Result<()> {
    contract::files().try_for_each(|(name, text)| write_file(&folder.join(name), text))
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use portico_plugin_package::read_source;

    use super::*;
    use crate::commands::plugin::WorldName;

    #[test]
    fn every_template_has_a_good_manifest() {
        for world in [
            WorldName::CatalogProvider,
            WorldName::ScaffolderAction,
            WorldName::ScorecardCheck,
        ] {
            for language in [Language::Rust, Language::Python, Language::Javascript] {
                let folder = tempfile::tempdir().unwrap();
                let args = NewArgs {
                    id: "team:my-plugin".parse().unwrap(),
                    world,
                    language,
                    publisher: "contoso".to_owned(),
                    sdk: None,
                    folder: None,
                };
                write(&args, folder.path()).unwrap();
                let manifest = read_source(folder.path()).unwrap();
                assert_eq!(manifest.world, World::from(world));
                for entry in walkdir::WalkDir::new(folder.path()) {
                    let entry = entry.unwrap();
                    if entry.file_type().is_file() {
                        let text = fs::read_to_string(entry.path()).unwrap();
                        assert!(!text.contains("<<"), "{}", entry.path().display());
                    }
                }
            }
        }
    }

    #[test]
    fn a_folder_in_use_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.txt"), "").unwrap();
        let args = NewArgs {
            id: "team:my-plugin".parse().unwrap(),
            world: WorldName::ScorecardCheck,
            language: Language::Rust,
            publisher: "contoso".to_owned(),
            sdk: None,
            folder: Some(folder.path().to_owned()),
        };
        assert!(run(&args).unwrap_err().to_string().contains("not empty"));
    }
}
