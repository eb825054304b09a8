//! Everything, in order, on both engines.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    Args, browser,
    client::{Client, Request},
    generate::{self, Organisation},
    process::Portal,
    report::{secs, table},
    requests,
};

/// How long an ingestion may take before it counts as stuck.
const PATIENCE: Duration = Duration::from_mins(15);

struct Case<'a> {
    args: &'a Args,
    engine: &'static str,
    organisation: &'a Organisation,
    config: PathBuf,
    data: PathBuf,
}

/// Measures every size on every engine.
pub(crate) async fn all(args: &Args) -> Result<()> {
    println!("# Portico, measured\n");
    println!(
        "{} cores, release build, load generator on the same machine.",
        cores()
    );
    for &size in &args.sizes {
        let folder = tempfile::tempdir()?;
        let files = folder.path().join("catalog");
        let organisation = generate::organisation(&files, size, args.seed)?;
        println!(
            "\n## {} entities ({} files, {:.1} MB of YAML)",
            organisation.entities,
            organisation.files,
            organisation.bytes as f64 / 1e6
        );
        for engine in ["SQLite", "PostgreSQL"] {
            let database = match (engine, &args.postgres) {
                ("SQLite", _) => None,
                (_, Some(url)) => Some(fresh_database(url)?),
                (_, None) => {
                    println!("\nPostgreSQL: not measured, no server named (--postgres)");
                    continue;
                }
            };
            let data = folder.path().join(engine);
            fs::create_dir_all(&data)?;
            let config = write_config(folder.path(), engine, &files, database.as_deref())?;
            let case = Case {
                args,
                engine,
                organisation: &organisation,
                config,
                data,
            };
            case.measure(database.as_deref()).await?;
        }
    }
    Ok(())
}

impl Case<'_> {
    async fn measure(&self, database: Option<&str>) -> Result<()> {
        let portal = Portal::start(self.args, &self.config, &self.data).await?;
        let took = ingested(&portal, self.organisation.entities).await?;
        let peak = portal.peak_mb();
        let size = self.database_mb(database)?;
        drop(portal);

        let second = self.second_pass()?;
        let portal = Portal::start(self.args, &self.config, &self.data).await?;
        let first_answer = portal.first_answer;
        ingested(&portal, self.organisation.entities).await?;
        let before = portal.cpu();
        tokio::time::sleep(Duration::from_secs(self.args.idle_seconds)).await;
        let idle_cpu = portal.cpu().saturating_sub(before).as_secs_f64() * 60.0
            / self.args.idle_seconds as f64;
        let idle = portal.resident_mb();
        let cases = requests::cases(portal.port, self.organisation).await?;
        let answers = requests::all(portal.port, &cases, self.args.load_seconds).await?;
        let mut rows = vec![
            vec![
                "ingest until queryable and searchable".into(),
                format!("{} s", secs(took)),
            ],
            vec!["peak memory of that".into(), format!("{peak:.0} MB")],
            vec!["database size".into(), format!("{size:.0} MB")],
            vec!["second pass, nothing changed".into(), second],
            vec![
                "start to ready".into(),
                format!("{:.0} ms", first_answer.as_secs_f64() * 1e3),
            ],
            vec!["CPU while idle".into(), format!("{idle_cpu:.2} s a minute")],
            vec![
                "resident memory idle / after load".into(),
                format!("{idle:.0} / {:.0} MB", portal.resident_mb()),
            ],
        ];
        rows.extend(browser::visits(self.args, portal.port)?);
        table(
            &format!("{}: the process", self.engine),
            &["what", "figure"],
            &rows,
        );
        table(
            &format!("{}: requests", self.engine),
            &requests::HEAD,
            &answers,
        );
        Ok(())
    }

    /// A whole pass over unchanged sources, by the command for that.
    fn second_pass(&self) -> Result<String> {
        let output = Command::new(&self.args.binary)
            .args(["ingest", "--config"])
            .arg(&self.config)
            .arg("--data")
            .arg(&self.data)
            .env("PORTICO_LOG", "error")
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text
            .lines()
            .next()
            .and_then(|line| line.rsplit(", ").next())
            .unwrap_or("?")
            .to_owned())
    }

    fn database_mb(&self, database: Option<&str>) -> Result<f64> {
        let Some(url) = database else {
            let mut bytes = 0;
            for entry in fs::read_dir(&self.data)? {
                bytes += entry?.metadata()?.len();
            }
            return Ok(bytes as f64 / 1e6);
        };
        let size = psql(url, "SELECT pg_database_size(current_database())")?;
        Ok(size.trim().parse::<f64>().unwrap_or(0.0) / 1e6)
    }
}

/// Time until every entity is listed and the last one is found by search.
pub(crate) async fn ingested(portal: &Portal, wanted: usize) -> Result<Duration> {
    let started = Instant::now();
    let wanted = wanted as u64;
    let count = Request::get(
        "/api/catalog/entities/by-query?limit=1&filter=kind=component,kind=api,kind=resource,kind=system,kind=domain,kind=group,kind=user",
    );
    let found = Request::get("/api/search/query?term=handles&pageLimit=1");
    let mut client = Client::connect(portal.port).await?;
    loop {
        let listed = number(&client.send(&count).await?.body, "totalItems");
        let searched = number(&client.send(&found).await?.body, "numberOfResults");
        if listed >= wanted && searched >= wanted {
            return Ok(started.elapsed() + portal.first_answer);
        }
        if started.elapsed() > PATIENCE {
            bail!("only {listed} of {wanted} entities after {PATIENCE:?}");
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

pub(crate) fn write_config(
    folder: &Path,
    engine: &str,
    files: &Path,
    database: Option<&str>,
) -> Result<PathBuf> {
    let database = database
        .map(|url| format!("  database:\n    client: pg\n    connection: {url}\n"))
        .unwrap_or_default();
    let text = format!(
        "app:\n  title: Bench\nbackend:\n  listen: 127.0.0.1:0\n{database}catalog:\n  \
         processingInterval: {{ hours: 24 }}\n  rules:\n    - allow: [Component, API, Resource, \
         System, Domain, Group, User, Location]\n  locations:\n    - type: file\n      target: {}\n",
        files.join("all.yaml").display()
    );
    let path = folder.join(format!("{engine}.yaml"));
    fs::write(&path, text)?;
    Ok(path)
}

/// A new database on the server, and its URL.
pub(crate) fn fresh_database(server: &str) -> Result<String> {
    let name = format!("portico_bench_{}", std::process::id());
    psql(server, &format!("DROP DATABASE IF EXISTS {name}"))?;
    psql(server, &format!("CREATE DATABASE {name}"))?;
    let (base, query) = match server.split_once('?') {
        Some((base, query)) => (base, format!("?{query}")),
        None => (server, String::new()),
    };
    let (host, _) = base
        .rsplit_once('/')
        .context("the PostgreSQL URL names no database")?;
    Ok(format!("{host}/{name}{query}"))
}

fn psql(url: &str, statement: &str) -> Result<String> {
    let output = Command::new("psql")
        .args([url, "-XAtqc", statement])
        .output()?;
    if !output.status.success() {
        bail!("psql: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub(crate) fn number(body: &[u8], field: &str) -> u64 {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    value
        .get(field)
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(0)
}

pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
