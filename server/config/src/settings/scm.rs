//! `scm`: the repositories that Portico keeps itself.

use std::path::PathBuf;

use super::absolute;
use crate::reader::Reader;

/// `scm`: source control.
#[derive(Clone, Debug, Default)]
pub struct ScmConfig {
    /// `scm.local.import`: a folder. Each folder in it becomes a repository of its name, unless
    /// there is one; relative to the file it is written in.
    pub local_import: Option<PathBuf>,
}

impl ScmConfig {
    pub(crate) fn read(scm: &Reader<'_>) -> Self {
        Self {
            local_import: scm.object("local", |local| {
                let folder = local.text_as("import", |text| absolute(&local.folder(), text));
                folder.map(PathBuf::from)
            }),
        }
    }
}
