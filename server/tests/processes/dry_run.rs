//! `portico template dry-run`: a template on this machine, tried by a portal that runs.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use serde_json::json;

use crate::portal::Portal;

/// Whether it would work, and what was printed.
fn tried(portal: &Portal, folder: &Path, more: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_portico"))
        .args(["template", "dry-run", "service", "--url", portal.url()])
        .args(more)
        .current_dir(folder)
        .env_remove("PORTICO_TOKEN")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    (output.status.success(), text)
}

fn template(action: &str) -> String {
    json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": "service"},
        "spec": {
            "type": "service",
            "parameters": {"required": ["name"], "properties": {"name": {"type": "string"}}},
            "steps": [
                {"id": "files", "action": action, "input": {
                    "url": "./skeleton", "values": {"name": "${{ parameters.name }}"}}},
                {"id": "publish", "action": "publish:git", "input": {
                    "repoUrl": "local?repo=${{ parameters.name }}"}},
            ],
        },
    })
    .to_string()
}

#[tokio::test]
async fn an_author_sees_what_a_template_would_do_before_anybody_else_can() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    fs::write(folder.join("portico.yaml"), "app: { title: Authors }\n").unwrap();
    let portal = Portal::start(folder);
    portal.ready().await;
    let skeleton = folder.join("service/skeleton/bin");
    fs::create_dir_all(&skeleton).unwrap();
    let script = skeleton.join("run");
    fs::write(&script, "echo ${{ values.name }}\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(
        folder.join("service/template.yaml"),
        template("fetch:template"),
    )
    .unwrap();
    fs::write(folder.join("values.yaml"), "name: letters\n").unwrap();

    let (works, said) = tried(
        &portal,
        folder,
        &["--values", "values.yaml", "--out", "out"],
    );
    assert!(works, "{said}");
    assert!(said.contains("file    bin/run\n"), "{said}");
    assert!(
        said.contains("effect  publish: make the repository local:letters"),
        "{said}"
    );
    let made = folder.join("out/bin/run");
    assert_eq!(fs::read_to_string(&made).unwrap(), "echo letters\n");
    assert_eq!(
        fs::metadata(&made).unwrap().permissions().mode() & 0o111,
        0o111
    );
    assert_eq!(portal.get("/api/scm/repositories").await, "[]");

    for (more, why) in [
        (
            &["--values", "values.yaml", "--out", "out"][..],
            "out is not empty",
        ),
        (&[], "\"name\" is a required property"),
        (&["--values", "nothing.yaml"], "nothing.yaml cannot be read"),
    ] {
        let (works, said) = tried(&portal, folder, more);
        assert!(!works && said.contains(why), "{why:?} in {said}");
    }
    fs::write(
        folder.join("service/template.yaml"),
        template("fetch:templat"),
    )
    .unwrap();
    let (works, said) = tried(&portal, folder, &["--values", "values.yaml"]);
    assert!(
        !works && said.contains("did you mean \"fetch:template\""),
        "{said}"
    );
}
