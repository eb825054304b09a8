//! One running `portico serve`.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A portal; killed when dropped.
pub(crate) struct Portal {
    child: Child,
    log: Option<JoinHandle<String>>,
    url: String,
    client: reqwest::Client,
}

impl Portal {
    /// Starts a portal on the configuration in `folder` and waits until it listens.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// As [`Self::start`], with more in its environment.
    pub(crate) fn start_with(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_portico"))
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(folder.join("portico.yaml"))
            .arg("--data")
            .arg(folder.join("data"))
            .arg("--site")
            .arg(folder.join("site"))
            .env_remove("PORTICO_LOG")
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("portico starts");
        let mut log = BufReader::new(child.stderr.take().expect("piped")).lines();
        let mut said = String::new();
        let url = loop {
            let Some(line) = log.next() else {
                panic!("portico ended before it listened:\n{said}");
            };
            let line = line.expect("the log is text");
            if let Some((_, rest)) = line.split_once("url=") {
                break rest
                    .split(['"', ' '])
                    .find(|part| !part.is_empty())
                    .unwrap()
                    .to_owned();
            }
            said.push_str(&line);
            said.push('\n');
        };
        // Somebody has to read the rest, or the portal would wait for its log.
        let log = std::thread::spawn(move || {
            let lines: Vec<String> = log.map_while(Result::ok).collect();
            lines.join("\n")
        });
        Self {
            child,
            log: Some(log),
            url,
            client: reqwest::Client::new(),
        }
    }

    /// Where it listens, without a trailing slash.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Ends the process as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killing");
        self.child.wait().expect("reaping");
    }

    /// Asks the process to stop, as an orchestrator does.
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(sent.expect("kill").success());
    }

    /// Whether the process has ended, and how.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("waiting")
    }

    /// Waits until the process has ended; how it did, and what it said since it listened.
    pub(crate) async fn end(mut self) -> (ExitStatus, String) {
        let started = Instant::now();
        let ended = loop {
            if let Some(ended) = self.ended() {
                break ended;
            }
            assert!(started.elapsed() < PATIENCE, "it does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        let log = self.log.take().map(JoinHandle::join);
        (ended, log.expect("a log").expect("a text"))
    }

    /// How many entities the catalog lists.
    pub(crate) async fn entities(&self) -> u64 {
        let path = "/api/catalog/entities/by-query?limit=0";
        let page: serde_json::Value = serde_json::from_str(&self.get(path).await).unwrap();
        page["totalItems"].as_u64().unwrap_or(0)
    }

    /// Waits until what the database has is loaded.
    pub(crate) async fn ready(&self) {
        let started = Instant::now();
        while !self.get("/readyz").await.contains("\"status\":\"ok\"") {
            assert!(started.elapsed() < PATIENCE, "never ready");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the catalog lists at least this many entities.
    pub(crate) async fn wait_for(&self, entities: u64) {
        let enough = async || (self.entities().await >= entities).then_some(());
        self.wait_until(&format!("{entities} entities"), enough)
            .await;
    }

    /// Asks again and again until there is an answer.
    pub(crate) async fn wait_until<T>(
        &self,
        what: &str,
        mut ask: impl AsyncFnMut() -> Option<T>,
    ) -> T {
        let started = Instant::now();
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            assert!(started.elapsed() < PATIENCE, "waited in vain: {what}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// How many reads of sources ended so.
    pub(crate) async fn reads(&self, outcome: &str) -> u64 {
        let counter = format!("portico_sources_read_total{{outcome=\"{outcome}\"}}");
        self.counter(&counter).await
    }

    /// The value of a counter, by its name and labels.
    pub(crate) async fn counter(&self, counter: &str) -> u64 {
        let metrics = self.get("/metrics").await;
        let mut lines = metrics.lines();
        let value = lines.find_map(|line| line.strip_prefix(counter)?.strip_prefix(' '));
        value.map_or(0, |value| value.parse().unwrap())
    }

    /// Sends a body and returns status and answer.
    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> (u16, String) {
        let request = self.client.post(format!("{}{path}", self.url));
        let request = request
            .header("content-type", "application/json")
            .body(body);
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("a text"))
    }

    /// Somebody's browser, on the development page of sign-in.
    pub(crate) async fn sign_in(&self, user: &str) -> Browser {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let form = client
            .post(format!("{}/auth/dev/sign-in", self.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", &self.url)
            .body(format!("user={user}"));
        let answer = form.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 303, "{:?}", answer.text().await);
        let cookie = answer.headers()["set-cookie"].to_str().expect("a text");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        Browser {
            client,
            url: self.url.clone(),
            cookie,
        }
    }

    /// Keeps a document; it has to be accepted.
    pub(crate) async fn put(&self, path: &str, body: &serde_json::Value) {
        let request = self.client.put(format!("{}{path}", self.url));
        let request = request
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 204, "{:?}", answer.text().await);
    }

    /// The body of an answer to GET.
    pub(crate) async fn get(&self, path: &str) -> String {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await;
        answer.expect("an answer").text().await.expect("a text")
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who is signed in.
pub(crate) struct Browser {
    client: reqwest::Client,
    url: String,
    /// Name and value.
    pub cookie: String,
}

impl Browser {
    /// The same browser at another replica.
    pub(crate) fn on(&self, replica: &Portal) -> Self {
        Self {
            client: self.client.clone(),
            url: replica.url.clone(),
            cookie: self.cookie.clone(),
        }
    }

    /// Status and body of an answer.
    pub(crate) async fn ask(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> (u16, String) {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .header("cookie", &self.cookie)
            .header("origin", &self.url);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("a text"))
    }
}
