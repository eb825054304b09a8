//! The files of a checkpoint: a workspace as bytes, and back.

use portico_scaffolder::{Workspace, WorkspaceError};
use sha2::{Digest as _, Sha256};

/// The most that is kept of one workspace, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Why files cannot be kept or brought back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SnapshotError {
    /// More than is kept. The task goes on, but not on another replica.
    #[error("the files of the task are larger than {} MiB; they are not kept", MAX_BYTES >> 20)]
    TooLarge,
    /// What is kept was changed or cut.
    #[error("the files of the task are damaged")]
    Damaged,
    /// The workspace refused.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
}

/// Files as bytes, and what tells whether they are the same as others.
pub(crate) struct Packed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: [u8; 32],
}

/// Everything in a workspace: for each entry its kind, the length of its path, the path, the
/// length of its content, the content.
pub(crate) fn pack(workspace: &Workspace) -> Result<Packed, SnapshotError> {
    let entries = workspace.list(".")?;
    if entries.iter().map(|it| it.size).sum::<u64>() > MAX_BYTES {
        return Err(SnapshotError::TooLarge);
    }
    let mut plain = Vec::new();
    for entry in entries {
        let kind = match (entry.is_folder, entry.is_executable) {
            (true, _) => b'd',
            (false, true) => b'x',
            (false, false) => b'f',
        };
        let content = match entry.is_folder {
            true => Vec::new(),
            false => workspace.read(&entry.path)?,
        };
        plain.push(kind);
        plain.extend_from_slice(&(entry.path.len() as u32).to_le_bytes());
        plain.extend_from_slice(entry.path.as_bytes());
        plain.extend_from_slice(&(content.len() as u32).to_le_bytes());
        plain.extend_from_slice(&content);
    }
    Ok(Packed {
        digest: Sha256::digest(&plain).into(),
        bytes: lz4_flex::compress_prepend_size(&plain),
    })
}

/// Brings the files back into an empty workspace.
pub(crate) fn unpack(bytes: &[u8], workspace: &Workspace) -> Result<(), SnapshotError> {
    let plain = lz4_flex::decompress_size_prepended(bytes).map_err(|_| SnapshotError::Damaged)?;
    let mut rest = plain.as_slice();
    while let Some((kind, after)) = rest.split_first() {
        rest = after;
        let path = std::str::from_utf8(part(&mut rest)?).map_err(|_| SnapshotError::Damaged)?;
        let content = part(&mut rest)?;
        if *kind != b'd' {
            workspace.write(path, content, *kind == b'x')?;
        }
    }
    Ok(())
}

/// Takes a length and as many bytes.
fn part<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], SnapshotError> {
    let (length, after) = rest
        .split_first_chunk::<4>()
        .ok_or(SnapshotError::Damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (part, after) = after
        .split_at_checked(length)
        .ok_or(SnapshotError::Damaged)?;
    *rest = after;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use portico_scaffolder::Limits;

    use super::*;

    #[test]
    fn files_come_back_as_they_were() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let from = Workspace::open(from.path(), Limits::default()).unwrap();
        from.write("a/b.sh", b"#!/bin/sh", true).unwrap();
        from.write("ä", b"\0\xff", false).unwrap();
        let packed = pack(&from).unwrap();
        let to = Workspace::open(to.path(), Limits::default()).unwrap();
        unpack(&packed.bytes, &to).unwrap();
        assert_eq!(to.list(".").unwrap(), from.list(".").unwrap());
        assert_eq!(to.read("ä").unwrap(), b"\0\xff");
        assert_eq!(pack(&to).unwrap().digest, packed.digest);
        assert!(unpack(&packed.bytes[..packed.bytes.len() - 1], &to).is_err());
    }
}
