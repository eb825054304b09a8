//! Compiling, in another process: what an untrusted component makes the compiler do
//! happens there, within bounds.

mod child;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use wasmtime::Engine;
use wasmtime::component::Component;

pub use child::compile_child_main;

use crate::cache::CodeCache;
use crate::{Digest, LoadError, intake};

/// More of what the compiler says is not kept.
const MAX_MESSAGE_BYTES: u64 = 8 << 10;

/// A program whose `main` leads to [`compile_child_main`].
#[derive(Clone, Debug)]
pub struct CompilerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments, before those of the compiler.
    pub args: Vec<OsString>,
}

impl CompilerCommand {
    /// This program, run as `PROGRAM plugin-compile`.
    pub fn this_program() -> std::io::Result<Self> {
        Ok(Self {
            program: std::env::current_exe()?,
            args: vec!["plugin-compile".into()],
        })
    }
}

/// Bounds of one compilation.
///
/// What a component may cost is the processor time. A component with a language runtime in it
/// takes half of that on a slow machine, and several times as long by the clock on a busy one, since
/// the compiler gives way to requests: the time by the clock is there for a compiler that is stuck.
#[derive(Clone, Copy, Debug)]
pub struct CompileLimits {
    /// From start to end.
    pub wall: Duration,
    /// On all processors together.
    pub cpu: Duration,
    /// Address space of the process, in bytes.
    pub memory_bytes: u64,
    /// Compiled code, in bytes.
    pub code_bytes: u64,
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self {
            wall: Duration::from_mins(5),
            cpu: Duration::from_secs(90),
            memory_bytes: 3 << 30,
            code_bytes: 512 << 20,
        }
    }
}

/// Compiles, one component at a time, and remembers.
pub(crate) struct Compiler {
    command: CompilerCommand,
    limits: CompileLimits,
    cache: CodeCache,
    turn: Semaphore,
}

impl Compiler {
    pub(crate) fn new(command: CompilerCommand, limits: CompileLimits, cache: CodeCache) -> Self {
        Self {
            command,
            limits,
            cache,
            turn: Semaphore::new(1),
        }
    }

    /// A component, from the cache or validated and compiled now. What is in the cache was
    /// validated before it was compiled, and its tag holds for this digest and these features.
    pub(crate) async fn component(
        &self,
        engine: &Engine,
        digest: Digest,
        wasm: &Arc<[u8]>,
    ) -> Result<Component, LoadError> {
        if let Some(component) = self.cache.load(engine, digest).await {
            return Ok(component);
        }
        let bytes = Arc::clone(wasm);
        let validated = tokio::task::spawn_blocking(move || intake::validate(&bytes));
        validated.await.map_err(LoadError::internal)??;
        let _turn = self.turn.acquire().await.map_err(LoadError::internal)?;
        // Somebody else may have compiled it meanwhile.
        if let Some(component) = self.cache.load(engine, digest).await {
            return Ok(component);
        }
        let code = self.compile(wasm).await?;
        self.cache.keep(engine, digest, code).await
    }

    async fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>, LoadError> {
        let mut child = Command::new(&self.command.program)
            .args(&self.command.args)
            .arg(self.limits.memory_bytes.to_string())
            .arg(self.limits.cpu.as_secs().max(1).to_string())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(LoadError::internal)?;
        let result =
            tokio::time::timeout(self.limits.wall, converse(&mut child, wasm, self.limits));
        result.await.unwrap_or_else(|_| {
            Err(LoadError::CompileLimit {
                limit: format!("{} s", self.limits.wall.as_secs()),
            })
        })
    }
}

/// Sends the component, receives code or words.
async fn converse(
    child: &mut Child,
    wasm: &[u8],
    limits: CompileLimits,
) -> Result<Vec<u8>, LoadError> {
    let (Some(mut stdin), Some(stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(LoadError::internal("the compiler's pipes are missing"));
    };
    let send = async move {
        // A child that gave up early closes its end; its exit code says why.
        let _ = stdin.write_all(wasm).await;
        let _ = stdin.shutdown().await;
    };
    // Each end is closed when enough was read, so that a child with more to say does not wait.
    let code = read(stdout, limits.code_bytes + 1);
    let message = read(stderr, MAX_MESSAGE_BYTES);
    let ((), code, message) = tokio::join!(send, code, message);
    let code = code.map_err(LoadError::internal)?;
    if code.len() as u64 > limits.code_bytes {
        return Err(LoadError::CompileLimit {
            limit: format!("{} bytes of code", limits.code_bytes),
        });
    }
    let status = child.wait().await.map_err(LoadError::internal)?;
    if status.success() {
        return Ok(code);
    }
    let message = message.unwrap_or_default();
    let message = crate::text::paragraph(&String::from_utf8_lossy(&message), 2_000);
    Err(match status.code() {
        Some(child::REFUSED) => LoadError::Compile { reason: message },
        // Killed, or aborted because an allocation failed.
        None => LoadError::CompileLimit {
            limit: format!(
                "{} s of processor time or {} bytes of memory",
                limits.cpu.as_secs(),
                limits.memory_bytes
            ),
        },
        Some(_) => LoadError::internal(format!("the compiler ended with {status}: {message}")),
    })
}

async fn read(from: impl AsyncRead + Unpin, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit).read_to_end(&mut bytes).await?;
    Ok(bytes)
}
