//! Which version of its language a project asks for.

use portico_plugin_sdk::{Result, scm};

use crate::{Stack, detect::Found};

/// The version, or the usual one.
pub(crate) fn version(repository: &str, found: &Found) -> Result<String> {
    let read = |path: &str| scm::read_text(repository, path).map(Option::unwrap_or_default);
    let beside = |name: &str| read(&found.beside(name));
    let (asked, usual) = match found.marker.stack {
        Stack::Dotnet => {
            let mut asked = after(&beside("global.json")?, "\"version\"");
            if asked.is_none() {
                for project in scm::find(repository, "**/*.{csproj,fsproj,vbproj}")? {
                    let text = read(&project)?;
                    asked = asked.or_else(|| after(&text, "<TargetFramework>net"));
                }
            }
            (asked, "10.0")
        }
        Stack::Java => {
            let text = read(&found.evidence)?;
            let names = [
                "<java.version>",
                "<maven.compiler.release>",
                "<release>",
                "JavaLanguageVersion.of",
                "JavaVersion.VERSION_",
            ];
            (names.iter().find_map(|it| after(&text, it)), "21")
        }
        Stack::Node => {
            let package = beside("package.json")?;
            let own = number(&beside(".nvmrc")?);
            (own.or_else(|| after(&package, "\"node\"")), "24")
        }
        Stack::Python => {
            let project = beside("pyproject.toml")?;
            let own = number(&beside(".python-version")?);
            (own.or_else(|| after(&project, "requires-python")), "3.13")
        }
        Stack::Go => (line(&read(&found.evidence)?, "go "), "1.25"),
    };
    let parts = match found.marker.stack {
        Stack::Java | Stack::Node => 1,
        Stack::Dotnet | Stack::Python | Stack::Go => 2,
    };
    let asked = asked.unwrap_or_else(|| usual.to_owned());
    let asked: Vec<&str> = asked.split('.').take(parts).collect();
    Ok(asked.join("."))
}

/// The number that follows a name in a text, on the same line.
fn after(text: &str, name: &str) -> Option<String> {
    let at = text.find(name)? + name.len();
    number(text.get(at..)?.lines().next()?)
}

/// The number on the line that begins with a word.
fn line(text: &str, word: &str) -> Option<String> {
    text.lines()
        .find_map(|line| line.strip_prefix(word))
        .and_then(number)
}

/// The first number of a text, with its dots.
fn number(text: &str) -> Option<String> {
    let start = text.find(|it: char| it.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let end = rest.find(|it: char| !(it.is_ascii_digit() || it == '.'));
    let found = rest.get(..end.unwrap_or(rest.len()))?;
    Some(found.trim_end_matches('.').to_owned())
}
