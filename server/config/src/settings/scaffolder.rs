//! `scaffolder`: how templates run.

use std::{collections::BTreeMap, time::Duration};

use crate::{Secret, reader::Reader};

const CONCURRENT_TASKS: usize = 10;
const TASK_TIMEOUT: Duration = Duration::from_hours(24);
const RETENTION: Duration = Duration::from_hours(24 * 90);

/// `scaffolder`: how templates run in this process.
#[derive(Clone, Debug)]
pub struct ScaffolderConfig {
    /// `scaffolder.concurrentTasksLimit`: tasks at once, default 10; 0 runs none here.
    pub concurrent_tasks: usize,
    /// `scaffolder.taskTimeout`: how long one task may take; default 24 hours.
    pub task_timeout: Duration,
    /// `scaffolder.retention`: how long a task is kept after its end; default 90 days.
    pub retention: Duration,
    /// `scaffolder.secretsKey`: what the secrets of tasks are encrypted with while they run, at
    /// least 32 characters. Default with SQLite: a key made in the data folder. With PostgreSQL
    /// tasks with secrets are refused without it, for all replicas need the same one.
    pub secrets_key: Option<Secret>,
    /// `scaffolder.defaultEnvironment`: what templates read as `environment`.
    pub environment: TemplateEnvironment,
}

/// `scaffolder.defaultEnvironment`: what the platform team sets for all templates.
#[derive(Clone, Debug, Default)]
pub struct TemplateEnvironment {
    /// `environment.parameters`, by name.
    pub parameters: BTreeMap<String, String>,
    /// `environment.secrets`, by name: only inputs of steps see them.
    pub secrets: BTreeMap<String, Secret>,
}

impl TemplateEnvironment {
    fn read(environment: &Reader<'_>) -> Self {
        let parameters = environment.named_texts("parameters").into_iter();
        let secrets = environment.named_texts("secrets").into_iter();
        Self {
            parameters: parameters
                .map(|(name, value, text)| {
                    value.note(&text);
                    (name, text)
                })
                .collect(),
            secrets: secrets
                .map(|(name, value, text)| {
                    value.note("****");
                    (name, Secret::new(text))
                })
                .collect(),
        }
    }
}

impl Default for ScaffolderConfig {
    fn default() -> Self {
        Self {
            concurrent_tasks: CONCURRENT_TASKS,
            task_timeout: TASK_TIMEOUT,
            retention: RETENTION,
            secrets_key: None,
            environment: TemplateEnvironment::default(),
        }
    }
}

impl ScaffolderConfig {
    pub(crate) fn read(scaffolder: &Reader<'_>) -> Self {
        let concurrent_tasks = scaffolder
            .value("concurrentTasksLimit")
            .parse("a number of tasks, 0 to 1000", |text| {
                text.parse().ok().filter(|it| *it <= 1000)
            });
        let secrets_key = scaffolder.secret("secretsKey");
        if secrets_key
            .as_ref()
            .is_some_and(|it| it.expose().len() < 32)
        {
            scaffolder.problem("\"secretsKey\" needs at least 32 characters: openssl rand -hex 32");
        }
        Self {
            concurrent_tasks: concurrent_tasks
                .unwrap_or_else(|| scaffolder.default("concurrentTasksLimit", CONCURRENT_TASKS)),
            task_timeout: scaffolder.duration("taskTimeout").unwrap_or(TASK_TIMEOUT),
            retention: scaffolder.duration("retention").unwrap_or(RETENTION),
            secrets_key,
            environment: scaffolder.object("defaultEnvironment", TemplateEnvironment::read),
        }
    }
}
