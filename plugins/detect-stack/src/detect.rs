//! Which file says what a repository is written in.

use portico_plugin_sdk::{Result, scm};

use crate::Stack;

/// A file that says what a project is written in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marker {
    pub(crate) glob: &'static str,
    pub(crate) stack: Stack,
    tool: &'static str,
}

/// In the order in which they win, when several are equally near to the root: a `package.json`
/// is often a tool of something else.
pub(crate) const MARKERS: [Marker; 10] = [
    marker("**/*.{sln,slnx}", Stack::Dotnet, "dotnet"),
    marker("**/*.{csproj,fsproj,vbproj}", Stack::Dotnet, "dotnet"),
    marker("**/pom.xml", Stack::Java, "maven"),
    marker("**/build.gradle", Stack::Java, "gradle"),
    marker("**/build.gradle.kts", Stack::Java, "gradle"),
    marker("**/go.mod", Stack::Go, "go"),
    marker("**/pyproject.toml", Stack::Python, "pip"),
    marker("**/setup.py", Stack::Python, "pip"),
    marker("**/requirements.txt", Stack::Python, "pip"),
    marker("**/package.json", Stack::Node, "npm"),
];

/// Tools that a file beside the project gives away.
const TOOLS: [(Stack, &str, &str); 4] = [
    (Stack::Node, "pnpm-lock.yaml", "pnpm"),
    (Stack::Node, "yarn.lock", "yarn"),
    (Stack::Python, "poetry.lock", "poetry"),
    (Stack::Python, "uv.lock", "uv"),
];

/// Folders with other people's code, and with what was built.
const FOREIGN: [&str; 7] = [
    "node_modules",
    "vendor",
    "bin",
    "obj",
    "target",
    "dist",
    ".venv",
];

const fn marker(glob: &'static str, stack: Stack, tool: &'static str) -> Marker {
    Marker { glob, stack, tool }
}

/// A project.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) marker: Marker,
    pub(crate) tool: &'static str,
    /// The file that says so.
    pub(crate) evidence: String,
    /// Its folder; `.` for the root.
    pub(crate) folder: String,
}

impl Found {
    /// The path of a file beside the project.
    pub(crate) fn beside(&self, name: &str) -> String {
        match self.folder.as_str() {
            "." => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }
}

/// The project that is nearest to the root.
pub(crate) fn project(repository: &str) -> Result<Option<Found>> {
    let mut nearest: Option<(usize, Marker, String)> = None;
    for marker in MARKERS {
        for path in scm::find(repository, marker.glob)? {
            if path.split('/').any(|part| FOREIGN.contains(&part)) {
                continue;
            }
            let depth = path.matches('/').count();
            // A solution is for all of its projects, however deep.
            if nearest.as_ref().is_none_or(|(least, ..)| depth < *least) {
                nearest = Some((depth, marker, path));
            }
        }
    }
    let Some((_, marker, evidence)) = nearest else {
        return Ok(None);
    };
    let folder = evidence.rsplit_once('/').map_or(".", |it| it.0).to_owned();
    let mut found = Found {
        marker,
        tool: marker.tool,
        evidence,
        folder,
    };
    for (stack, file, tool) in TOOLS {
        if stack == marker.stack && scm::read(repository, &found.beside(file))?.is_some() {
            found.tool = tool;
        }
    }
    Ok(Some(found))
}
