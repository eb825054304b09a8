//! Capability `workspace`: the working folder of a task. Paths are relative to it, with `/`.
//!
//! ```
//! use portico_plugin_sdk::{mock, workspace};
//!
//! let host = mock::Host::new();
//! host.add_workspace_file("README.md", "# {{name}}\n");
//!
//! let text = workspace::read_text("README.md")?;
//! workspace::write("README.md", text.replace("{{name}}", "Orders"))?;
//! assert_eq!(host.workspace_file("README.md").as_deref(), Some("# Orders\n"));
//! # portico_plugin_sdk::Result::<()>::Ok(())
//! ```

use crate::{HostResult, entity, host};

/// One file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the workspace.
    pub path: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// In bytes; 0 for a folder.
    pub size: u64,
}

/// The content of a file.
pub fn read(path: &str) -> HostResult<Vec<u8>> {
    host::workspace_read(path)
}

/// A file as text. What is not UTF-8 in it is replaced by `�`.
pub fn read_text(path: &str) -> HostResult<String> {
    read(path).map(|bytes| entity::text(&bytes))
}

/// The files and folders whose path matches a glob such as `**/*.csproj`, by path.
pub fn find(glob: &str) -> HostResult<Vec<Entry>> {
    host::workspace_find(glob)
}

/// Writes a whole file, and the folders it is in.
pub fn write(path: &str, content: impl AsRef<[u8]>) -> HostResult<()> {
    host::workspace_write(path, content.as_ref())
}

/// Removes a file, or a folder with all that is in it.
pub fn remove(path: &str) -> HostResult<()> {
    host::workspace_remove(path)
}
