//! A check: are a repository's .NET versions still supported?

mod project;
mod support;

use portico_plugin_sdk::{Check, Context as _, Finding, Result, Subject, clock, config, export};

use project::{Target, Targets};
use support::{Config, Support};

struct DotnetVersion;

impl Check for DotnetVersion {
    fn evaluate(subject: &Subject) -> Result<Finding> {
        let config: Config = config::get()?;
        let targets = Targets::read(subject)?;
        if targets.is_empty() {
            return Ok(Finding::not_applicable(
                "There is no .NET project in this repository",
            ));
        }
        let today = support::today(clock::now());
        let table = config
            .table()
            .context("the support table in the configuration is wrong")?;
        let judged: Vec<_> = targets
            .into_iter()
            .map(|target| {
                (
                    table.support(&target.framework, today, config.warn_days),
                    target,
                )
            })
            .collect();
        Ok(finding(&judged))
    }
}

/// The worst there is, with all of it as evidence.
fn finding(judged: &[(Support, Target)]) -> Finding {
    let evidence = judged
        .iter()
        .map(|(support, target)| format!("{}: {} ({support})", target.path, target.framework));
    let worst = judged.iter().map(|(support, _)| support).max();
    let advice = "Set `<TargetFramework>` to a version with long-term support, see \
                  [the support policy](https://dotnet.microsoft.com/platform/support/policy).";
    let finding = match worst {
        Some(Support::Ended { .. }) => Finding::fail(
            summary(
                judged,
                |each| matches!(each, Support::Ended { .. }),
                "no longer supported",
            ),
            advice,
        ),
        Some(Support::EndsSoon { .. }) => Finding::warn(
            summary(
                judged,
                |each| matches!(each, Support::EndsSoon { .. }),
                "supported for a short time only",
            ),
            advice,
        ),
        Some(Support::Unknown) => Finding::warn(
            summary(
                judged,
                |each| *each == Support::Unknown,
                "not in the support table",
            ),
            "Write the version out, or add it to `endOfSupport` in the configuration of this check.",
        ),
        Some(Support::Good) | None => Finding::pass("Every .NET version here is supported"),
    };
    finding.with_evidence(evidence)
}

/// `net6.0, net7.0: no longer supported`.
fn summary(judged: &[(Support, Target)], which: impl Fn(&Support) -> bool, what: &str) -> String {
    let mut versions: Vec<&str> = judged
        .iter()
        .filter(|(support, _)| which(support))
        .map(|(_, target)| target.framework.as_str())
        .collect();
    versions.sort_unstable();
    versions.dedup();
    format!("{}: {what}", versions.join(", "))
}

export!(DotnetVersion as Check);

#[cfg(test)]
mod tests;
