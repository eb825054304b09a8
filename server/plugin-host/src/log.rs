//! The log of one call.

use std::sync::Arc;

use serde::Serialize;

use crate::{Limits, text};

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// For the plugin's author.
    Debug,
    /// Something happened.
    Info,
    /// Something may be wrong.
    Warn,
    /// Something is wrong.
    Error,
}

/// One line, free of control characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// How much it matters.
    pub level: LogLevel,
    /// What it says.
    pub message: String,
}

/// Sees lines as they are written, while the call runs. It must be quick.
pub trait LogSink: Send + Sync {
    /// A line was written.
    fn line(&self, line: &LogLine);
}

/// Collects lines within the limits.
pub(crate) struct CallLog {
    lines: Vec<LogLine>,
    bytes: usize,
    dropped: u32,
    max_lines: usize,
    max_bytes: usize,
    max_line_bytes: usize,
    sink: Option<Arc<dyn LogSink>>,
}

impl CallLog {
    pub(crate) fn new(limits: &Limits, sink: Option<Arc<dyn LogSink>>) -> Self {
        Self {
            lines: Vec::new(),
            bytes: 0,
            dropped: 0,
            max_lines: limits.log_lines as usize,
            max_bytes: limits.log_bytes as usize,
            max_line_bytes: limits.log_line_bytes as usize,
            sink,
        }
    }

    pub(crate) fn write(&mut self, level: LogLevel, message: &str) {
        if self.lines.len() >= self.max_lines || self.bytes >= self.max_bytes {
            self.dropped = self.dropped.saturating_add(1);
            return;
        }
        let room = self.max_line_bytes.min(self.max_bytes - self.bytes);
        let message = text::line(message, room);
        self.bytes += message.len().max(1);
        let line = LogLine { level, message };
        if let Some(sink) = &self.sink {
            sink.line(&line);
        }
        self.lines.push(line);
    }

    pub(crate) fn dropped(&self) -> u32 {
        self.dropped
    }

    pub(crate) fn into_lines(self) -> Vec<LogLine> {
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_limit_is_counted() {
        let limits = Limits {
            log_lines: 3,
            log_line_bytes: 10,
            ..Limits::default()
        };
        let mut log = CallLog::new(&limits, None);
        for _ in 0..5 {
            log.write(LogLevel::Info, "0123456789abcdef");
        }
        assert_eq!(log.dropped(), 2);
        let lines = log.into_lines();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].message, "0123456…");
    }
}
