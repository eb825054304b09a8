//! What the developer sees: one line when a step starts, one with its time when it ends.

use std::{
    fmt::Display,
    io::{IsTerminal, Write, stdout},
    time::{Duration, Instant},
};

use anyhow::Result;

const BOLD: &str = "1";
const GREEN: &str = "32";
const RED: &str = "31";
const YELLOW: &str = "33";
const DIM: &str = "2";

/// Runs `work`, which prints output of its own, between a heading and a line with the time taken.
pub fn step<T>(name: impl Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(format!("{} {}", paint(BOLD, "▸"), paint(BOLD, &name)));
    let start = Instant::now();
    let outcome = work();
    let time = elapsed(start.elapsed());
    match &outcome {
        Ok(_) => say(format!("{} {name} {}", paint(GREEN, "✓"), paint(DIM, time))),
        Err(_) => say(format!("{} {name} {}", paint(RED, "✗"), paint(DIM, time))),
    }
    outcome
}

/// One line for a step that had nothing to do.
pub fn done(name: impl Display, why: impl Display) {
    say(format!("{} {name} {}", paint(GREEN, "✓"), paint(DIM, why)));
}

/// One line for something the developer should know but need not act upon.
pub fn note(message: impl Display) {
    say(format!("{} {message}", paint(YELLOW, "!")));
}

/// The last word on a failure: the error and what led to it.
pub fn report_error(error: &anyhow::Error) {
    eprintln!("{} {error:#}", paint(RED, "error:"));
}

/// A duration as people read it: `0.4 s`, `12.3 s`, `3 min 05 s`.
pub fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// One line on standard output; that nobody reads it any more is not our failure.
pub fn say(line: impl Display) {
    let _ = writeln!(stdout(), "{line}");
}

fn paint(code: &str, text: impl Display) -> String {
    let colour = stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if colour {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_naturally() {
        assert_eq!(elapsed(Duration::from_millis(420)), "0.4 s");
        assert_eq!(elapsed(Duration::from_secs(185)), "3 min 05 s");
    }
}
