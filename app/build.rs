//! Names the state of the app's sources, which `hydrate` puts into the browser's code.

use std::{
    env, fs,
    hash::{DefaultHasher, Hasher},
    io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for source in ["src", "../model/src", "../Cargo.lock"] {
        println!("cargo::rerun-if-changed={source}");
        collect(Path::new(source), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        hasher.write(&fs::read(file)?);
    }
    // Debug and release builds of the same sources are different files, too.
    hasher.write(env::var("PROFILE").unwrap_or_default().as_bytes());
    println!(
        "cargo::rustc-env=PORTICO_APP_SOURCES={:016x}",
        hasher.finish()
    );
    Ok(())
}

/// The files at and below a path.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else {
        files.push(path.to_owned());
    }
    Ok(())
}
