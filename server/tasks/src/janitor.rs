//! Removes what nobody needs any more: folders of processes that were killed, old tasks,
//! questions that nobody answered in time.

use std::{fs, path::PathBuf, time::Duration};

use uuid::Uuid;

use crate::{Result, Tasks, TasksError, now};

/// How often it looks.
const EVERY: Duration = Duration::from_mins(5);

impl Tasks {
    pub(crate) async fn keep_clean(self) {
        loop {
            if let Err(error) = self.clean_up().await {
                tracing::warn!(%error, "old tasks are not cleaned up; trying again later");
            }
            if let Err(error) = self.expire_approvals(now()).await {
                tracing::warn!(%error, "approvals do not expire; trying again later");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Removes the folders of runs that are over, wherever they ran, and the tasks that ended
    /// longer ago than tasks are kept. How many of each.
    pub async fn clean_up(&self) -> Result<(usize, u64)> {
        let mut folders = 0;
        for (path, id, token) in self.run_folders()? {
            if self.store().is_task_leased(id, token).await? {
                continue;
            }
            match fs::remove_dir_all(&path) {
                Ok(()) => folders += 1,
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "a folder is not removed");
                }
            }
        }
        let before = now() - self.options().retention.as_millis() as i64;
        let tasks = self.store().remove_tasks_ended_before(before).await?;
        if folders > 0 || tasks > 0 {
            tracing::info!(folders, tasks, "cleaned up after old tasks");
        }
        Ok((folders, tasks))
    }

    /// The folders of runs, with the task and the token of each.
    fn run_folders(&self) -> Result<Vec<(PathBuf, Uuid, i64)>> {
        let entries = match fs::read_dir(&self.options().folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(TasksError::io("the folder of tasks cannot be read")(error)),
        };
        let folders = entries.flatten().filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let mut parts = name.splitn(3, '_');
            let id = parts.next()?.parse().ok()?;
            let token = parts.next()?.parse().ok()?;
            Some((entry.path(), id, token))
        });
        Ok(folders.collect())
    }
}
