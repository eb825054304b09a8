//! The workspace as a change to a repository.

use std::collections::HashMap;

use portico_access::Principal;
use portico_scaffolder::{ActionContext, ActionError};
use portico_scm::{Diff, Edit, LineKind, Proposal, Scm};

use super::{failed, files};

/// The files of the workspace that the repository has not, or has otherwise, and those that
/// are to go.
pub(super) async fn edits(
    scm: &Scm,
    who: &Principal,
    context: &ActionContext,
    url: &str,
) -> Result<Vec<Edit>, ActionError> {
    let target = context.text("targetPath").unwrap_or(".").trim_matches('/');
    let prefix = match target.trim_start_matches("./") {
        "" | "." => String::new(),
        target => format!("{target}/"),
    };
    let base = context.text("targetBranchName");
    let there = scm.files(who, url, base, "").await;
    let there = there.map_err(failed)?.into_iter();
    let there: HashMap<String, Vec<u8>> = there.map(|file| (file.path, file.content)).collect();
    let source = context.text("sourcePath").unwrap_or(".");
    let mut edits = Vec::new();
    for file in files(&context.workspace, source)? {
        let path = format!("{prefix}{}", file.path);
        if there.get(&path) != Some(&file.content) {
            edits.push(Edit::Write {
                path,
                content: file.content,
            });
        }
    }
    for path in context.texts("filesToDelete") {
        edits.push(Edit::Remove {
            path: format!("{prefix}{path}"),
        });
    }
    Ok(edits)
}

/// The branch that a proposal is for.
pub(super) async fn target(
    scm: &Scm,
    who: &Principal,
    url: &str,
    proposal: &Proposal,
) -> Result<String, ActionError> {
    match &proposal.base {
        Some(base) => Ok(base.clone()),
        None => Ok(scm
            .repository(who, url)
            .await
            .map_err(failed)?
            .default_branch),
    }
}

/// A diff as text, as people know it.
pub(super) fn patch(diff: &Diff) -> String {
    let mut text = String::new();
    for file in &diff.files {
        let old = file.old_path.as_deref().unwrap_or("/dev/null");
        let new = file.new_path.as_deref().unwrap_or("/dev/null");
        text.push_str(&format!("--- {old}\n+++ {new}\n"));
        for hunk in &file.hunks {
            text.push_str(&format!(
                "@@ -{},{} +{},{} @@ {}\n",
                hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines, hunk.heading
            ));
            for line in &hunk.lines {
                text.push(match line.kind {
                    LineKind::Context => ' ',
                    LineKind::Added => '+',
                    LineKind::Removed => '-',
                });
                text.push_str(&line.text);
                text.push('\n');
            }
        }
    }
    text
}
