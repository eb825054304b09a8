//! A host with one repository, and git by hand.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use portico_scm::{Edit, LocalGit, Proposal, ScmError};
use portico_store::{AuditEvent, AuditFilter, Store};
use serde_json::json;
use tempfile::TempDir;

/// The repository.
pub const ORDERS: &str = "local:orders";

pub struct Host {
    pub git: LocalGit,
    pub store: Store,
    pub folder: TempDir,
}

impl Host {
    /// A host with [`ORDERS`].
    pub async fn new(store: Store) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("import/orders");
        let write = |path: &str, text: &str| {
            let file = source.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("README.md", "# Orders\n");
        write("bicep/main.bicep", &numbered(30));
        write("src/Orders/Orders.csproj", "<Project />\n");
        write("tools/run.sh", "#!/bin/sh\n");
        write(".git/config", "[core]\n");
        make_executable(&source.join("tools/run.sh"));
        std::os::unix::fs::symlink("/etc/passwd", source.join("link")).unwrap();
        let host = Self {
            git: LocalGit::new(store.clone(), folder.path().join("git"), ""),
            store,
            folder,
        };
        let import = host.folder.path().join("import");
        assert_eq!(host.git.import_all(&import, 0).await.unwrap(), ["orders"]);
        host
    }

    /// A second process on the same folder and database.
    pub fn other_process(&self) -> LocalGit {
        LocalGit::new(self.store.clone(), self.folder.path().join("git"), "")
    }

    pub fn repository(&self) -> PathBuf {
        self.folder.path().join("git/orders.git")
    }

    /// What git by hand prints.
    pub fn by_hand(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@t"])
            .args(arguments)
            .env("GIT_DIR", self.repository())
            .env("GIT_INDEX_FILE", self.folder.path().join("index"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Commits an entry of any mode to `main`, as somebody who pushes could.
    pub fn push_entry(&self, mode: &str, object: &str, path: &str) {
        self.by_hand(&["read-tree", "main"]);
        let entry = format!("{mode},{object},{path}");
        self.by_hand(&["update-index", "--add", "--cacheinfo", &entry]);
        let tree = self.by_hand(&["write-tree"]);
        let commit = self.by_hand(&["commit-tree", "-p", "main", "-m", "pushed", &tree]);
        self.by_hand(&["update-ref", "refs/heads/main", &commit]);
    }

    /// Stores a content by hand.
    pub fn object(&self, content: &str) -> String {
        let file = self.folder.path().join("content");
        fs::write(&file, content).unwrap();
        self.by_hand(&["hash-object", "-w", file.to_str().unwrap()])
    }

    /// How many events the audit log has.
    pub async fn events(&self) -> u64 {
        let all = AuditFilter::default();
        self.store.audit_events(&all, 0, 1).await.unwrap().1
    }
}

/// Lines "1" to `last`.
pub fn numbered(last: u32) -> String {
    let lines: Vec<String> = (1..=last).map(|line| line.to_string()).collect();
    lines.join("\n") + "\n"
}

pub fn write(path: &str, content: impl Into<Vec<u8>>) -> Edit {
    Edit::Write {
        path: path.to_owned(),
        content: content.into(),
    }
}

pub fn remove(path: &str) -> Edit {
    Edit::Remove {
        path: path.to_owned(),
    }
}

pub fn proposal(branch: &str, edits: Vec<Edit>) -> Proposal {
    Proposal {
        branch: branch.to_owned(),
        title: format!("Change {branch}"),
        body: "Because.".to_owned(),
        edits,
        ..Proposal::default()
    }
}

pub fn audit() -> AuditEvent {
    AuditEvent {
        at: 1_790_000_000_000,
        principal: "user:default/ada".to_owned(),
        action: "scm".to_owned(),
        resource: ORDERS.to_owned(),
        decision: "allow".to_owned(),
        reason: "test".to_owned(),
        policy: None,
        source: None,
        request_id: None,
        details: json!({}),
    }
}

pub fn is_conflict<T>(outcome: &Result<T, ScmError>) -> bool {
    matches!(outcome, Err(ScmError::Conflict { .. }))
}

fn make_executable(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}
