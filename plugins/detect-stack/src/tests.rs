use portico_plugin_sdk::{Value, json, mock::Host, testing};

use super::*;

const REPOSITORY: &str = "https://github.com/contoso/orders.git";

fn run(files: &[(&str, &str)]) -> Result<Value> {
    let host = Host::new();
    for (path, text) in files {
        host.add_scm_file(REPOSITORY, path, *text);
    }
    testing::run::<DetectStack>(&json!({"repository": REPOSITORY}), Call::default())
}

#[track_caller]
fn assert_found(files: &[(&str, &str)], stack: &str, tool: &str, version: &str, folder: &str) {
    let found = run(files).unwrap();
    let found =
        ["stack", "tool", "version", "folder"].map(|it| found[it].as_str().unwrap().to_owned());
    assert_eq!(found, [stack, tool, version, folder]);
}

#[test]
fn stacks_are_told_apart() {
    let csproj = "<Project><TargetFramework>net8.0</TargetFramework></Project>";
    assert_found(
        &[("src/A/A.csproj", csproj)],
        "dotnet",
        "dotnet",
        "8.0",
        "src/A",
    );
    let global = "{ \"sdk\": { \"version\": \"10.0.100\" } }";
    let solution = [
        ("A.slnx", ""),
        ("global.json", global),
        ("web/package.json", "{}"),
    ];
    assert_found(&solution, "dotnet", "dotnet", "10.0", ".");
    let pom = "<project>\n<java.version>17</java.version>\n</project>";
    assert_found(
        &[("pom.xml", pom), ("package.json", "{}")],
        "java",
        "maven",
        "17",
        ".",
    );
    let gradle = "java { toolchain { languageVersion = JavaLanguageVersion.of(25) } }";
    assert_found(&[("build.gradle.kts", gradle)], "java", "gradle", "25", ".");
    let package = "{\n\"engines\": { \"node\": \">=22.1\" }\n}";
    let node = [
        ("package.json", package),
        ("pnpm-lock.yaml", ""),
        ("node_modules/a/go.mod", ""),
    ];
    assert_found(&node, "node", "pnpm", "22", ".");
    let python = [
        ("pyproject.toml", "requires-python = \">=3.12\"\n"),
        ("uv.lock", ""),
    ];
    assert_found(&python, "python", "uv", "3.12", ".");
    assert_found(
        &[("requirements.txt", "flask\n")],
        "python",
        "pip",
        "3.13",
        ".",
    );
    assert_found(
        &[("cmd/go.mod", "module x\n\ngo 1.24.1\n")],
        "go",
        "go",
        "1.24",
        "cmd",
    );
}

#[test]
fn what_is_there_is_told() {
    let found = run(&[
        ("package.json", "{}"),
        ("Dockerfile", ""),
        ("catalog-info.yaml", ""),
        (".github/workflows/ci.yml", ""),
        ("azure-pipelines.yml", ""),
    ])
    .unwrap();
    assert_eq!(
        found,
        json!({
            "stack": "node", "tool": "npm", "version": "24", "folder": ".",
            "evidence": "package.json", "name": "orders", "hasDockerfile": true,
            "hasCatalogInfo": true,
            "pipelines": [".github/workflows/ci.yml", "azure-pipelines.yml"],
        })
    );
}

#[test]
fn nothing_is_said() {
    let error = run(&[("README.md", ""), ("vendor/go.mod", "")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("No project was found") && error.contains("**/pom.xml"),
        "{error}"
    );
    assert_eq!(name("local:orders-api"), "orders-api");
}

#[test]
fn the_interface_is_described() {
    testing::assert_interface::<DetectStack>("interface.json");
}
