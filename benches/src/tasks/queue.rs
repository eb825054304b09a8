//! Many tasks at once on two replicas.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use super::{PATIENCE, create, fixtures, get, wait_for_templates};
use crate::{
    Args,
    client::Client,
    process::Portal,
    report::{secs, table},
    run::fresh_database,
};

/// How many tasks are queued.
const TASKS: usize = 100;

/// Queues tasks on one of two replicas, and counts how often their steps began.
pub(super) async fn two_replicas(args: &Args, folder: &Path, server: &str) -> Result<()> {
    let database = fresh_database(server)?;
    let config = fixtures::write(folder, Some(&database))?;
    let first = Portal::start(args, &config, &folder.join("data-1")).await?;
    let _second = Portal::start(args, &config, &folder.join("data-2")).await?;
    wait_for_templates(&first).await?;
    let mut client = Client::connect(first.port).await?;
    let began = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..TASKS {
        let values = fixtures::values("three-steps", number);
        tasks.push(create(&mut client, "three-steps", &values).await?);
    }
    let queued = began.elapsed();
    let done = loop {
        let page = "/api/scaffolder/v2/tasks?status=completed&limit=1";
        let page = get(&mut client, page).await?;
        if page["totalTasks"].as_u64() >= Some(TASKS as u64) {
            break began.elapsed();
        }
        if began.elapsed() > PATIENCE {
            bail!("not all tasks ended: {page}");
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let mut beginnings: HashMap<usize, usize> = HashMap::new();
    for id in &tasks {
        let path = format!("/api/scaffolder/v2/tasks/{id}/events");
        let events = get(&mut client, &path).await?.to_string();
        let times = events.matches("\"Beginning step debug:log\"").count();
        *beginnings.entry(times).or_default() += 1;
    }
    let twice: usize = beginnings
        .iter()
        .filter(|(times, _)| **times != 1)
        .map(|(_, tasks)| tasks)
        .sum();
    let rows = vec![vec![
        TASKS.to_string(),
        secs(queued),
        secs(done),
        twice.to_string(),
    ]];
    let head = [
        "tasks",
        "queued after s",
        "all done after s",
        "with a step not done exactly once",
    ];
    table("Two replicas on one PostgreSQL", &head, &rows);
    Ok(())
}
