//! The files to check.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use portico_model::yaml::Limits;
use walkdir::{DirEntry, WalkDir};

/// A file and its text.
#[derive(Debug)]
pub(super) struct Source {
    pub path: PathBuf,
    /// Whether it was named by hand, and not found in a folder.
    pub named: bool,
    pub text: io::Result<String>,
}

/// Reads files, and the YAML files of folders, in the order of their names.
pub(super) fn read(paths: &[PathBuf]) -> Vec<Source> {
    let mut sources = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = WalkDir::new(path).sort_by_file_name().into_iter();
            for entry in entries.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry)) {
                sources.extend(in_folder(entry));
            }
        } else {
            sources.push(Source {
                path: path.clone(),
                named: true,
                text: read_text(path),
            });
        }
    }
    sources
}

/// The text of a file that is not larger than documents may be.
pub(super) fn read_text(path: &Path) -> io::Result<String> {
    let most = Limits::default().bytes as u64;
    let mut bytes = Vec::new();
    // One byte more than allowed, so that the parser says how large is too large.
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("not UTF-8 text (byte {at})"),
        )
    })
}

fn in_folder(entry: walkdir::Result<DirEntry>) -> Option<Source> {
    match entry {
        Ok(entry) => {
            let path = entry.into_path();
            let is_yaml = path
                .extension()
                .is_some_and(|end| end == "yaml" || end == "yml");
            (is_yaml && path.is_file()).then(|| {
                let text = read_text(&path);
                Source {
                    path,
                    named: false,
                    text,
                }
            })
        }
        Err(error) => {
            let path = error.path().unwrap_or(Path::new("")).to_owned();
            Some(Source {
                path,
                named: false,
                text: Err(error.into()),
            })
        }
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || name == "node_modules"
}
