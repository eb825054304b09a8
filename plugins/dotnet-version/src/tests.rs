use std::time::Duration;

use portico_plugin_sdk::{Verdict, json, mock::Host, testing};

use super::*;

/// 2026-06-01.
const TODAY: Duration = Duration::from_secs(1_780_272_000);

fn evaluate(files: &[(&str, &str)]) -> Finding {
    let host = Host::new();
    host.set_time(TODAY);
    for (path, text) in files {
        host.add_file(0, path, *text);
    }
    testing::evaluate::<DotnetVersion>(json!({"kind": "Component"}))
}

fn project(framework: &str) -> String {
    format!(
        "\u{feff}<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n  <PropertyGroup>\n    {framework}\n  </PropertyGroup>\n</Project>\n"
    )
}

#[test]
fn supported_versions_pass() {
    let web = project("<TargetFramework>net10.0</TargetFramework>");
    let library = project("<TargetFrameworks>net10.0; netstandard2.0;net48</TargetFrameworks>");
    let finding = evaluate(&[
        ("src/Web/Web.csproj", &web),
        ("src/Library/Library.csproj", &library),
        (
            "global.json",
            "{\n  // pinned\n  \"sdk\": {\"version\": \"10.0.100\"}\n}",
        ),
    ]);
    assert_eq!(finding.verdict, Verdict::Pass, "{finding:?}");
    testing::assert_text("golden/supported.txt", &finding.evidence.join("\n"));
}

#[test]
fn an_ended_version_fails() {
    let old = project("<TargetFramework>net6.0</TargetFramework>");
    let soon = project("<TargetFramework>net8.0-windows</TargetFramework>");
    let finding = evaluate(&[("a/A.csproj", &old), ("b/B.fsproj", &soon)]);
    assert_eq!(finding.verdict, Verdict::Fail);
    assert_eq!(finding.message, "net6.0: no longer supported");
    testing::assert_text("golden/ended.txt", &finding.evidence.join("\n"));
}

#[test]
fn a_version_that_ends_soon_warns() {
    let soon = project("<TargetFramework>net8.0</TargetFramework>");
    let finding = evaluate(&[("A.csproj", &soon)]);
    assert_eq!(finding.verdict, Verdict::Warn);
    assert_eq!(finding.message, "net8.0: supported for a short time only");
}

#[test]
fn properties_are_looked_up() {
    let shared = project("<Net>net10.0</Net>");
    let web = project("<TargetFramework>$(Net)</TargetFramework>");
    let finding = evaluate(&[("Directory.Build.props", &shared), ("src/Web.csproj", &web)]);
    assert_eq!(finding.verdict, Verdict::Pass, "{finding:?}");
    let circle = project("<A>$(A)</A><TargetFramework>$(A)</TargetFramework>");
    let finding = evaluate(&[("Web.csproj", &circle)]);
    assert_eq!(finding.message, "$(A): not in the support table");
}

#[test]
fn an_old_sdk_fails() {
    let finding = evaluate(&[("global.json", r#"{"sdk": {"version": "3.1.426"}}"#)]);
    assert_eq!(
        (finding.verdict, &*finding.message),
        (Verdict::Fail, "sdk 3.1.426: no longer supported")
    );
}

#[test]
fn other_repositories_are_left_alone() {
    let finding = evaluate(&[("package.json", "{}"), ("broken/X.csproj", "<Project")]);
    assert_eq!(finding.verdict, Verdict::NotApplicable);
}

#[test]
fn a_table_of_the_companys_own() {
    let host = Host::new();
    host.set_time(TODAY);
    host.set_config(json!({"endOfSupport": {"8.0": "2030-01-01"}}));
    host.add_file(
        0,
        "A.csproj",
        project("<TargetFramework>net8.0</TargetFramework>"),
    );
    let check = || testing::evaluate::<DotnetVersion>(json!({}));
    assert_eq!(check().verdict, Verdict::Pass);
    host.set_config(json!({"endOfSupport": {"8.0": "next year"}}));
    assert_eq!(check().verdict, Verdict::Error);
    assert!(check().message.contains("next year"), "{}", check().message);
}

#[test]
fn the_configuration_is_described() {
    testing::assert_configuration::<Config>("configuration.json");
}
