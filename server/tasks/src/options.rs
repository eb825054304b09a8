//! How tasks run in a process.

use std::{path::PathBuf, time::Duration};

use portico_scaffolder::Limits;

use crate::SecretsKey;

/// How tasks run in a process.
#[derive(Clone, Debug)]
pub struct TasksOptions {
    /// Tasks have a folder each in here while they run.
    pub folder: PathBuf,
    /// Tasks at once; 0 runs none here.
    pub concurrency: usize,
    /// How long one may take from the moment a process begins with it.
    pub timeout: Duration,
    /// How long a task is kept after its end, with what it said.
    pub retention: Duration,
    /// How long a task is left alone after its process was last heard of.
    pub lease: Duration,
    /// How often the loop looks for tasks of other replicas, and who works says so.
    pub look_every: Duration,
    /// How long steps may go on when the process is to stop.
    pub grace: Duration,
    /// What may be in a task's folder.
    pub limits: Limits,
    /// Encrypts secrets. Without one, tasks with secrets are refused.
    pub key: Option<SecretsKey>,
}

impl TasksOptions {
    /// The usual, in a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            concurrency: 10,
            timeout: Duration::from_hours(24),
            retention: Duration::from_hours(24 * 90),
            lease: Duration::from_secs(30),
            look_every: Duration::from_secs(1),
            grace: Duration::from_secs(10),
            limits: Limits::default(),
            key: None,
        }
    }
}
