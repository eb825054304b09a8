//! Capability `repository`: what [`Subject`](crate::Subject) reads.

use crate::{HostResult, host};

pub(crate) fn read_file(subject: u32, path: &str) -> HostResult<Option<Vec<u8>>> {
    host::repository_read(subject, path)
}

pub(crate) fn find(subject: u32, glob: &str) -> HostResult<Vec<String>> {
    host::repository_find(subject, glob)
}
