//! What a repository may have.

use portico_plugin_sdk::{Result, Subject};
use schemars::JsonSchema;
use serde::Deserialize;

/// One thing a repository may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Item {
    /// A file that says whom to ask for a review.
    CodeOwners,
    /// A README with more than a heading.
    Readme,
    /// A licence.
    Licence,
    /// A pipeline of GitHub Actions or of Azure Pipelines.
    Pipeline,
}

impl Item {
    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CodeOwners => "code owners",
            Self::Readme => "a README that says something",
            Self::Licence => "a licence",
            Self::Pipeline => "a pipeline",
        }
    }

    /// What to do when it is missing, in Markdown.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::CodeOwners => {
                "Add a `CODEOWNERS` file, such as `* @contoso/team-orders`, so that reviews find their people."
            }
            Self::Readme => {
                "Write a `README.md`: what this is, who owns it, how to build and run it."
            }
            Self::Licence => "Add a `LICENSE` file, or take `licence` out of what is asked for.",
            Self::Pipeline => {
                "Add a pipeline that builds and tests every change: `.github/workflows/ci.yml` or `azure-pipelines.yml`."
            }
        }
    }

    /// The first file that is it.
    pub(crate) fn find(self, subject: &Subject) -> Result<Option<String>> {
        for glob in self.globs() {
            for path in subject.find(glob)? {
                if self.is_in(subject, &path)? {
                    return Ok(Some(path));
                }
            }
        }
        Ok(None)
    }

    fn globs(self) -> &'static [&'static str] {
        match self {
            Self::CodeOwners => &["CODEOWNERS", "{.github,docs}/CODEOWNERS"],
            Self::Readme => &["[Rr][Ee][Aa][Dd][Mm][Ee]", "[Rr][Ee][Aa][Dd][Mm][Ee].*"],
            Self::Licence => &["[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*", "COPYING*"],
            Self::Pipeline => &[
                ".github/workflows/*.{yml,yaml}",
                "azure-pipelines*.{yml,yaml}",
                ".azure-pipelines/*.{yml,yaml}",
            ],
        }
    }

    /// Whether a file of the right name is more than a name.
    fn is_in(self, subject: &Subject, path: &str) -> Result<bool> {
        let text = subject.read_text(path)?.unwrap_or_default();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Ok(match self {
            Self::CodeOwners => lines.any(|line| !line.starts_with('#') && line.contains('@')),
            Self::Readme => lines.any(|line| !line.starts_with('#') && !line.starts_with("==")),
            Self::Licence | Self::Pipeline => lines.next().is_some(),
        })
    }
}
