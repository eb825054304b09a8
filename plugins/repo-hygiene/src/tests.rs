use portico_plugin_sdk::{Value, Verdict, json, mock::Host, testing};

use super::*;

const README: &str = "# Orders\n\nTakes orders.\n";

fn component() -> Value {
    json!({"kind": "Component", "metadata": {"name": "orders"}})
}

fn repository(files: &[(&str, &str)]) -> Host {
    let host = Host::new();
    for (path, text) in files {
        host.add_file(0, path, *text);
    }
    host
}

fn verdict(files: &[(&str, &str)]) -> Finding {
    let _host = repository(files);
    testing::evaluate::<RepoHygiene>(component())
}

#[test]
fn everything_is_there() {
    let finding = verdict(&[
        (".github/CODEOWNERS", "* @contoso/orders\n"),
        ("readme.md", README),
        ("LICENCE.txt", "MIT"),
        (".github/workflows/ci.yaml", "on: push"),
    ]);
    assert_eq!(finding.verdict, Verdict::Pass);
    assert_eq!(
        finding.evidence,
        [
            ".github/CODEOWNERS",
            "readme.md",
            "LICENCE.txt",
            ".github/workflows/ci.yaml"
        ]
    );
    assert_eq!(finding.remediation, "");
}

#[test]
fn what_is_recommended_is_missing() {
    let finding = verdict(&[("CODEOWNERS", "* @contoso/orders"), ("README", README)]);
    assert_eq!(finding.verdict, Verdict::Warn);
    assert_eq!(finding.message, "Missing: a licence, a pipeline");
}

#[test]
fn names_without_content_do_not_count() {
    let finding = verdict(&[
        ("CODEOWNERS", "# nobody\n"),
        ("README.md", "# Orders\n"),
        ("LICENSE", "MIT"),
        ("azure-pipelines.yml", "trigger: [main]"),
    ]);
    assert_eq!(finding.verdict, Verdict::Fail);
    assert_eq!(
        finding.message,
        "Missing: code owners, a README that says something"
    );
    assert_eq!(finding.evidence, ["LICENSE", "azure-pipelines.yml"]);
    testing::assert_text("golden/remediation.md", &finding.remediation);
}

#[test]
fn a_company_asks_for_less() {
    let host = repository(&[("README.md", README)]);
    host.set_config(json!({"required": ["readme"], "recommended": []}));
    assert_eq!(
        testing::evaluate::<RepoHygiene>(component()).verdict,
        Verdict::Pass
    );
}

#[test]
fn teams_have_no_repository() {
    let _host = Host::new();
    let finding = testing::evaluate::<RepoHygiene>(json!({"kind": "Group"}));
    assert_eq!(finding.verdict, Verdict::NotApplicable);
}

#[test]
fn without_a_grant_nothing_is_known() {
    let host = repository(&[]);
    host.deny("repository");
    let finding = testing::evaluate::<RepoHygiene>(component());
    assert_eq!(finding.verdict, Verdict::Error);
    assert!(
        finding.message.contains("not allowed"),
        "{}",
        finding.message
    );
}

#[test]
fn the_configuration_is_described() {
    testing::assert_configuration::<Config>("configuration.json");
}
