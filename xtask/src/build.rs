//! Builds the site (wasm, CSS, assets) and the server that serves it.
//!
//! cargo-leptos builds the site only. The server is built by plain cargo over the whole
//! workspace, with the same features as the tests, so that a dependency is compiled once for
//! both. The site is put beside the server's executable, where the server looks for it, so
//! that a debug and a release build do not overwrite each other's.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result};

use crate::{
    process,
    steps::{done, step},
    tools::Tools,
    workspace,
};

/// How to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build, with debug assertions.
    Debug,
    /// Optimised and precompressed, as it is shipped.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    fn flag(self) -> Option<&'static str> {
        (self == Self::Release).then_some("--release")
    }

    /// The folder that holds what a build of this profile made.
    pub fn folder(self) -> PathBuf {
        workspace::target().join(self.name())
    }

    /// The server.
    pub fn binary(self) -> PathBuf {
        self.folder().join("portico")
    }

    /// The site that the server serves.
    pub fn site(self) -> PathBuf {
        self.folder().join("site")
    }

    /// The names of the site's files, which carry their hashes; the server reads it.
    pub fn site_hashes(self) -> PathBuf {
        self.folder().join("hash.txt")
    }

    /// Cargo's list of the sources of the browser's half.
    fn wasm_sources(self) -> PathBuf {
        let folder = match self {
            Self::Debug => "debug",
            Self::Release => "wasm-release",
        };
        workspace::target()
            .join("front/wasm32-unknown-unknown")
            .join(folder)
            .join("libportico_app.d")
    }
}

/// Builds the site, then the server.
pub fn build(tools: &Tools, profile: Profile) -> Result<()> {
    site(tools, profile)?;
    server(tools, profile)
}

/// Builds the site, unless nothing it is made from has changed.
pub fn site(tools: &Tools, profile: Profile) -> Result<()> {
    let name = format!("Site ({})", profile.name());
    let stamp = profile.folder().join("site.stamp");
    if is_fresh(profile, &stamp) {
        done(name, "unchanged");
        return Ok(());
    }
    step(name, || {
        // A build that fails half-way leaves no stamp, and so is never taken for a whole one.
        let _ = fs::remove_file(&stamp);
        // Names that an interrupted build gave to half of the files would be hashed again.
        let _ = fs::remove_dir_all(profile.site().join("pkg"));
        let mut command = tools.cargo();
        // Pages that are seldom asked for first are split off into files of their own.
        command.args(["leptos", "build", "--frontend-only", "--split"]);
        command.args(profile.flag());
        command.args((profile == Profile::Release).then_some("--precompress"));
        // The compiler's message says what is wrong; where cargo-leptos noticed does not.
        command.env("RUST_LIB_BACKTRACE", "0");
        let started = SystemTime::now();
        process::run(command.env("LEPTOS_SITE_ROOT", profile.site()))?;
        // A source edited while we built is newer than the stamp, so the next build sees it.
        let stamp = fs::File::create(&stamp).context("cannot write the site's stamp")?;
        stamp
            .set_modified(started)
            .context("cannot date the site's stamp")
    })
}

/// Builds the server.
pub fn server(tools: &Tools, profile: Profile) -> Result<()> {
    binary(tools, profile, "portico")
}

/// Builds one of our programs; cargo knows what is fresh.
pub fn binary(tools: &Tools, profile: Profile, name: &str) -> Result<()> {
    step(format!("{name} ({})", profile.name()), || {
        let mut command = tools.cargo();
        // Over the whole workspace, so that features are those of the tests.
        command
            .args(["build", "--workspace", "--bin", name])
            .args(profile.flag());
        process::run(&mut command)
    })
}

fn is_fresh(profile: Profile, stamp: &Path) -> bool {
    let Ok(built) = fs::metadata(stamp).and_then(|file| file.modified()) else {
        return false;
    };
    profile.site().exists()
        && profile.site_hashes().exists()
        && site_sources(profile).is_some_and(|sources| {
            sources
                .iter()
                .all(|source| changed(source).is_some_and(|time| time <= built))
        })
}

/// Everything the site is made from; `None` when it has not been built yet.
fn site_sources(profile: Profile) -> Option<Vec<PathBuf>> {
    let mut sources = dep_info(&fs::read_to_string(profile.wasm_sources()).ok()?);
    let root = workspace::root();
    for file in [
        ".cargo/config.toml",
        "Cargo.lock",
        "Cargo.toml",
        "app/Cargo.toml",
        "package-lock.json",
        "style",
    ] {
        sources.push(root.join(file));
    }
    Some(sources)
}

/// The sources in a dep-info file, which reads `output: source source …`.
fn dep_info(text: &str) -> Vec<PathBuf> {
    let sources = text
        .lines()
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(_, sources)| {
            // Cargo escapes a space in a path with a backslash.
            sources
                .replace("\\ ", "\0")
                .split(' ')
                .map(|path| path.replace('\0', " "))
                .collect::<Vec<_>>()
        });
    sources.map(PathBuf::from).collect()
}

/// When a file, or the newest file in a folder, was last changed.
fn changed(path: &Path) -> Option<SystemTime> {
    let metadata = fs::metadata(path).ok()?;
    let own = metadata.modified().ok()?;
    if !metadata.is_dir() {
        return Some(own);
    }
    let entries = fs::read_dir(path).ok()?;
    entries
        .map(|entry| changed(&entry.ok()?.path()))
        .try_fold(own, |newest, time| Some(newest.max(time?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dep_info_lists_sources() {
        let text = "/t/libportico_app.d: /w/app/src/lib.rs /w/my\\ model/src/lib.rs\n";
        let expected = ["/w/app/src/lib.rs", "/w/my model/src/lib.rs"].map(PathBuf::from);
        assert_eq!(dep_info(text), expected);
    }

    #[test]
    fn a_folder_is_as_new_as_its_newest_file() {
        let folder = std::env::temp_dir().join(format!("portico-xtask-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let future = SystemTime::now() + std::time::Duration::from_hours(1);
        let file = fs::File::create(folder.join("deep/file")).unwrap();
        file.set_modified(future).unwrap();
        let newest = changed(&folder);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(newest, Some(future));
    }
}
