//! `dist`: the release in one folder, ready to be copied to a server.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    build::{self, Profile},
    steps::{done, step},
    tools::Tools,
    workspace,
};

pub fn dist() -> Result<()> {
    let tools = Tools::for_build()?;
    let profile = Profile::Release;
    build::build(&tools, profile)?;
    let folder = workspace::root().join("dist/portico");
    step("Collecting the release", || {
        if folder.exists() {
            fs::remove_dir_all(&folder).context("cannot remove the previous release")?;
        }
        fs::create_dir_all(&folder)?;
        for file in [profile.binary(), profile.site_hashes()] {
            let name = file.file_name().context("a file has a name")?;
            fs::copy(&file, folder.join(name))
                .with_context(|| format!("cannot copy {}", file.display()))?;
        }
        copy_folder(&profile.site(), &folder.join("site"))
    })?;
    done("Release", folder.display());
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
