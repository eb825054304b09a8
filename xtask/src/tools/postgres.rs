//! A throw-away PostgreSQL server for the tests.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use rustix::process::geteuid;

use super::{Tools, apt};
use crate::{
    port, process,
    steps::{done, note},
};

/// The folder with the server's programs.
pub fn ensure(tools: &Tools) -> Result<PathBuf> {
    if let Some(folder) = find(tools) {
        done("PostgreSQL", folder.display());
        return Ok(folder);
    }
    if apt::install(tools, &["postgresql"]).is_ok()
        && let Some(folder) = find(tools)
    {
        return Ok(folder);
    }
    bail!(
        "the PostgreSQL server is missing: install it (on Debian: `apt-get install postgresql`), \
         and put the folder of its `initdb` on PATH if it is somewhere unusual"
    );
}

fn find(tools: &Tools) -> Option<PathBuf> {
    // Debian keeps the server's programs off the PATH, one folder a version.
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .max()
        .map(|version| {
            Path::new("/usr/lib/postgresql")
                .join(version.to_string())
                .join("bin")
        })
        .filter(|folder| folder.join("initdb").is_file());
    newest.or_else(|| tools.find("initdb")?.parent().map(Path::to_owned))
}

/// What the server promises about what it has stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: the quickest for tests.
    None,
    /// As in production: for figures that mean something.
    Full,
}

/// A running server with a database cluster of its own; stopped and removed when dropped.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes a cluster in a temporary folder and starts it on a free port.
    pub fn start(programs: PathBuf, durability: Durability) -> Result<Self> {
        let folder = env::temp_dir().join(format!("portico-test-postgres-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let port = port::free()?;
        let cluster = Self {
            programs,
            folder,
            port,
        };
        if geteuid().is_root() {
            process::run(Command::new("chown").arg("postgres").arg(&cluster.folder))?;
        }
        let data = cluster.folder.join("data");
        process::output(
            cluster
                .program("initdb")
                .args([
                    "--auth=trust",
                    "--username=postgres",
                    "--encoding=UTF8",
                    "--locale=C",
                ])
                .args(["--no-sync", "--pgdata"])
                .arg(&data),
        )?;
        let mut options = format!(
            "-p {port} -h 127.0.0.1 -k {} -c max_connections=300",
            cluster.folder.display()
        );
        if durability == Durability::None {
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off";
        }
        // The server keeps what it inherits, so it must not inherit a pipe of ours.
        let mut start = cluster.pg_ctl();
        start
            .args(["--wait", "--silent", "--options", &options, "--log"])
            .arg(cluster.folder.join("log"));
        process::run(start.arg("start").stdout(Stdio::null()))
            .context("the PostgreSQL server did not start")?;
        Ok(cluster)
    }

    /// Where tests find it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn pg_ctl(&self) -> Command {
        let mut command = self.program("pg_ctl");
        command.arg("--pgdata").arg(self.folder.join("data"));
        command
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if geteuid().is_root() {
            // PostgreSQL refuses to run as root.
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // After an interruption too, which is why `process::run` would not do. A server that
        // never started cannot be stopped, and that is fine.
        let mut stop = self.pg_ctl();
        let _ = process::output(stop.args(["--mode=immediate", "--silent", "stop"]));
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            note(format!("cannot remove {}: {error}", self.folder.display()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_comes_and_goes() {
        let Some(programs) = Tools::found().ok().and_then(|tools| find(&tools)) else {
            eprintln!("skipped: no PostgreSQL server here");
            return;
        };
        let cluster = Cluster::start(programs, Durability::None).unwrap();
        let (folder, port) = (cluster.folder.clone(), cluster.port);
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(cluster);
        assert!(!folder.exists());
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
