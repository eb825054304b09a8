//! Putting in force what files and the database say.

use std::time::Duration;

use portico_access::Policies;
use tokio_util::sync::CancellationToken;

use crate::{Permissions, PolicyFile, Result, Seen};

/// How often each replica looks.
const EVERY: Duration = Duration::from_millis(500);

/// What holds while the policies that should be in force cannot be read: administrators can
/// repair them, and nobody else may do anything.
const REPAIR: &str = "@id(\"administrators-repair\")\n\
    @description(\"the policies are broken: only administrators get in, to repair them\")\n\
    permit (principal in Role::\"administrator\", action, resource);\n";

impl Permissions {
    /// Puts in force what files and the newest version say, if that changed. True when it did.
    pub async fn follow(&self) -> Result<bool> {
        let number = self.catalog().store().policy_number().await?;
        let files = self.read_files().await;
        {
            let seen = self.0.seen.read();
            let same = files.as_ref().is_ok_and(|files| *files == seen.files);
            if seen.number == Some(number) && same {
                return Ok(false);
            }
        }
        let text = self.text_of(number).await?;
        let outcome = files.and_then(|files| {
            let policies = together(&files, &text)?;
            Ok((files, policies))
        });
        let seen = match outcome {
            Ok((files, policies)) => {
                tracing::info!(
                    version = number,
                    policies = policies.descriptions().len(),
                    "policies are in force"
                );
                self.authorizer().put_in_force(policies);
                Seen {
                    number: Some(number),
                    files,
                    broken: None,
                }
            }
            Err(problem) => {
                let before = self.0.seen.read().clone();
                if before.broken.as_ref() == Some(&problem) {
                    return Ok(false);
                }
                tracing::error!(version = number, problem, "policies cannot be put in force");
                if before.number.is_none()
                    && let Ok(repair) = Policies::parse(REPAIR)
                {
                    self.authorizer().put_in_force(repair);
                }
                // What was in force before stays.
                Seen {
                    broken: Some(problem),
                    ..before
                }
            }
        };
        *self.0.seen.write() = seen;
        Ok(true)
    }

    /// Follows what is written elsewhere until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if let Err(error) = self.follow().await {
                tracing::warn!(%error, "policies could not be looked at");
            }
        }
    }
}

/// The policies of files and of the portal as one set; the problem names file and line.
pub(crate) fn together(files: &[PolicyFile], text: &str) -> Result<Policies, String> {
    let mut all = read("the policies of the portal", text)?;
    for file in files {
        let more = read(&file.path, &file.text)?;
        all = all
            .with(&more)
            .map_err(|problem| format!("{}: {problem}", file.path))?;
    }
    Ok(all)
}

fn read(place: &str, text: &str) -> Result<Policies, String> {
    Policies::parse(text).map_err(|problems| {
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        format!("{place}: {}", problems.join("; "))
    })
}
