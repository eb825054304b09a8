//! Many files of a commit at once.

use super::command::{Git, Invocation};
use crate::{
    RepositoryFile, Result, ScmError,
    edits::{EXECUTABLE, EntryKind},
    names::{MAX_BYTES, MAX_FILES},
};

impl Git {
    /// The files below a folder of a commit (of all when it is empty), by path from there.
    /// Links are left out.
    pub(super) async fn contents(&self, commit: &str, folder: &str) -> Result<Vec<RepositoryFile>> {
        let prefix = match folder.trim_matches('/') {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let entries = self.entries(commit).await?.into_iter();
        let found: Vec<_> = entries
            .filter_map(|entry| {
                let EntryKind::File(mode) = entry.kind else {
                    return None;
                };
                let path = entry.path.strip_prefix(&prefix)?.to_owned();
                Some((path, mode == EXECUTABLE, entry.object, entry.size))
            })
            .collect();
        let bytes: usize = found.iter().map(|(.., size)| size).sum();
        if found.len() > MAX_FILES || bytes > MAX_BYTES {
            return Err(ScmError::too_large(
                format!("the folder \"{folder}\""),
                format!("{MAX_FILES} files or {} MiB", MAX_BYTES >> 20),
            ));
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut asked = String::new();
        for (_, _, object, _) in &found {
            asked.push_str(object);
            asked.push('\n');
        }
        let answer = self
            .run_with(Invocation {
                arguments: &["cat-file", "--batch"],
                input: asked.as_bytes(),
                limit: Some(MAX_BYTES + found.len() * 128),
                ..Invocation::default()
            })
            .await?;
        read(
            &answer,
            found.into_iter().map(|(path, mode, ..)| (path, mode)),
        )
        .ok_or_else(|| ScmError::Git {
            command: "cat-file".to_owned(),
            complaint: "its answer is not what was asked for".to_owned(),
        })
    }
}

/// Reads `<object> blob <size>\n<content>\n…`, in the order asked for.
fn read(
    mut answer: &[u8],
    asked: impl Iterator<Item = (String, bool)>,
) -> Option<Vec<RepositoryFile>> {
    asked
        .map(|(path, is_executable)| {
            let end = answer.iter().position(|byte| *byte == b'\n')?;
            let head = std::str::from_utf8(&answer[..end]).ok()?;
            let size: usize = head.rsplit(' ').next()?.parse().ok()?;
            let content = answer.get(end + 1..end + 1 + size)?.to_vec();
            answer = answer.get(end + size + 2..)?;
            Some(RepositoryFile {
                path,
                content,
                is_executable,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_may_hold_anything() {
        let answer = b"1 blob 3\na\nb\n2 blob 0\n\n";
        let asked = [("x".to_owned(), false), ("y".to_owned(), true)];
        let files = read(answer, asked.into_iter()).unwrap();
        assert_eq!(files[0].content, b"a\nb");
        assert!(files[1].content.is_empty() && files[1].is_executable);
        assert!(read(b"1 missing\n", [("x".to_owned(), false)].into_iter()).is_none());
    }
}
