//! Child processes, and what Ctrl-C does to them.
//!
//! Each child leads a process group of its own, so that a signal reaches it exactly once: from
//! us. The command that waits for it then fails, and everything it held is cleaned up on the
//! way out, as with any other error.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static INTERRUPTS: AtomicUsize = AtomicUsize::new(0);

/// From now on SIGINT, SIGTERM and SIGHUP interrupt the running children instead of ending us.
/// The second one kills them.
pub fn forward_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot handle signals")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            // Always Ctrl-C's own signal: it is the one for which all of cargo, nextest and
            // Playwright end what they have started themselves.
            let repeated = INTERRUPTS.fetch_add(1, Ordering::SeqCst) > 0;
            let signal = if repeated { Signal::KILL } else { Signal::INT };
            for group in running().iter() {
                // A child that has just ended is no reason to stop.
                let _ = kill_process_group(*group, signal);
            }
        }
    });
    Ok(())
}

/// Whether the developer has asked us to stop.
pub fn interrupted() -> bool {
    INTERRUPTS.load(Ordering::SeqCst) > 0
}

/// Runs a command to its end, with our terminal as its output. An error unless it succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status})", describe(command));
}

/// Runs a command to its end and returns how it ended.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    let mut child = Running::start(command)?;
    let status = child.wait()?;
    if interrupted() {
        bail!("interrupted");
    }
    Ok(status)
}

/// Like [`run`], but gives up after `limit`.
pub fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    let mut child = Running::start(command)?;
    let group = child.group;
    let (finished, timer) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let late = timer.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
        if late {
            let _ = kill_process_group(group, Signal::KILL);
        }
        late
    });
    let status = child.wait()?;
    drop(finished);
    let late = watch.join().unwrap_or(false);
    if late {
        bail!(
            "`{}` took longer than {} s",
            describe(command),
            limit.as_secs()
        );
    }
    if !status.success() {
        bail!("`{}` failed ({status})", describe(command));
    }
    Ok(())
}

/// Runs a command to its end and returns its standard output; quiet unless it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", describe(command)))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed ({}): {}",
            describe(command),
            output.status,
            message.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A child that the signals above reach for as long as this value lives.
pub struct Running {
    child: Child,
    group: Pid,
}

impl Running {
    /// Starts a command in a process group of its own.
    pub fn start(command: &mut Command) -> Result<Self> {
        if interrupted() {
            bail!("interrupted");
        }
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start `{}`", describe(command)))?;
        let group = Pid::from_child(&child);
        running().push(group);
        Ok(Self { child, group })
    }

    /// What the child writes to its standard output, when that is piped.
    pub fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits until the child has ended.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        self.child.wait().context("cannot wait for a child process")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        running().retain(|group| *group != self.group);
    }
}

fn running() -> std::sync::MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(&mut Command::new("false")).unwrap_err();
        assert!(error.to_string().starts_with("`false` failed"), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start `no-such-program`");
    }

    #[test]
    fn a_slow_command_is_stopped() {
        let limit = Duration::from_millis(20);
        let error = run_within(limit, Command::new("sleep").arg("60")).unwrap_err();
        assert!(error.to_string().contains("took longer than"), "{error}");
    }

    #[test]
    fn output_is_the_standard_output() {
        assert_eq!(
            output(Command::new("echo").arg("hello")).unwrap(),
            "hello\n"
        );
    }
}
