//! The measured process: starting it, and what the kernel knows about it.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    Args,
    client::{Client, Request},
};

/// How long the server may take to answer at all.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running portal; killed when dropped.
pub(crate) struct Portal {
    child: Child,
    pub(crate) port: u16,
    /// From the start of the process to its first 200.
    pub(crate) first_answer: Duration,
}

impl Portal {
    /// Starts the portal with a configuration and a data folder, and waits for the
    /// catalog to answer.
    pub(crate) async fn start(args: &Args, config: &Path, data: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let started = Instant::now();
        let child = Command::new(&args.binary)
            .arg("serve")
            .arg("--config")
            .arg(config)
            .arg("--data")
            .arg(data)
            .arg("--site")
            .arg(&args.site)
            .arg("--listen")
            .arg(format!("127.0.0.1:{port}"))
            .env("PORTICO_LOG", "error")
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", args.binary.display()))?;
        let mut portal = Self {
            child,
            port,
            first_answer: Duration::ZERO,
        };
        let request = Request::get("/readyz");
        loop {
            let answer = match Client::connect(port).await {
                Ok(mut client) => client.send(&request).await.ok(),
                Err(_) => None,
            };
            if answer.is_some_and(|answer| answer.status == 200) {
                portal.first_answer = started.elapsed();
                return Ok(portal);
            }
            if started.elapsed() > PATIENCE || portal.child.try_wait()?.is_some() {
                bail!("the portal did not become ready");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Resident memory now, in MB.
    pub(crate) fn resident_mb(&self) -> f64 {
        self.status_mb("VmRSS")
    }

    /// The most resident memory so far, in MB.
    pub(crate) fn peak_mb(&self) -> f64 {
        self.status_mb("VmHWM")
    }

    /// CPU time used so far.
    pub(crate) fn cpu(&self) -> Duration {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let ticks: u64 = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|ticks| ticks.parse::<u64>().ok())
            .sum();
        Duration::from_millis(ticks * 10)
    }

    fn status_mb(&self, field: &str) -> f64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kilobytes = status
            .lines()
            .find_map(|line| {
                line.strip_prefix(field)?
                    .strip_prefix(':')?
                    .split_whitespace()
                    .next()
            })
            .and_then(|text| text.parse::<f64>().ok());
        kilobytes.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
