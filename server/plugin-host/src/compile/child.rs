//! The compiler's own process.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, nice, setrlimit};

use crate::engine;

/// The exit code when the component is at fault.
pub(super) const REFUSED: i32 = 3;
/// The exit code when nobody is.
const BROKEN: u8 = 4;

/// Compiles the component on standard input to code on standard output.
///
/// For a hidden subcommand `plugin-compile MEMORY_BYTES CPU_SECONDS`: to be called first thing in
/// `main`, before other threads exist. The process bounds itself before it looks at the input.
pub fn compile_child_main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Refused(reason)) => {
            eprintln!("{reason}");
            ExitCode::from(REFUSED as u8)
        }
        Err(Failure::Broken(reason)) => {
            eprintln!("{reason}");
            ExitCode::from(BROKEN)
        }
    }
}

enum Failure {
    Refused(String),
    Broken(String),
}

impl Failure {
    fn broken(reason: impl std::fmt::Display) -> Self {
        Self::Broken(reason.to_string())
    }
}

fn run() -> Result<(), Failure> {
    let mut args = std::env::args().skip(2);
    let mut number = || args.next().and_then(|it| it.parse::<u64>().ok());
    let (Some(memory), Some(cpu)) = (number(), number()) else {
        return Err(Failure::broken(
            "usage: plugin-compile MEMORY_BYTES CPU_SECONDS",
        ));
    };
    bound(memory, cpu).map_err(Failure::broken)?;
    let mut wasm = Vec::new();
    std::io::stdin()
        .read_to_end(&mut wasm)
        .map_err(Failure::broken)?;
    let engine = engine::compiling().map_err(Failure::broken)?;
    let code = engine
        .precompile_component(&wasm)
        .map_err(|error| Failure::Refused(format!("{error:#}")))?;
    let mut out = std::io::stdout().lock();
    out.write_all(&code)
        .and_then(|()| out.flush())
        .map_err(Failure::broken)
}

fn bound(memory: u64, cpu: u64) -> rustix::io::Result<()> {
    let limits = [
        (Resource::As, memory),
        (Resource::Cpu, cpu),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
    ];
    for (resource, limit) in limits {
        let limit = Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        };
        setrlimit(resource, limit)?;
    }
    // Requests come first.
    nice(10).map(|_| ())
}
