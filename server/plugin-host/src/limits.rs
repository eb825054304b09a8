//! How much a plugin may use: every bound of the sandbox in one place.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::World;

/// Bounds of one plugin. What is counted is said to be of one call, unless it says otherwise.
///
/// The defaults suit a scorecard check; [`Limits::of`] those of each world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    /// From the start of a call to its end, waiting included, in milliseconds.
    pub wall_ms: u64,
    /// Time on a processor, in milliseconds.
    pub cpu_ms: u64,
    /// Time on a processor that all calls together may use in a minute, in milliseconds.
    pub cpu_ms_per_minute: u64,
    /// All memories of an instance together, in bytes.
    pub memory_bytes: u64,
    /// All tables of an instance together, in elements.
    pub table_elements: u32,
    /// Resource handles that are alive at once.
    pub component_handles: u32,
    /// What one exchange (the arguments of a host call, or a result) may copy out of the
    /// plugin, in bytes.
    pub transfer_bytes: u64,
    /// Calls of this plugin that run at once.
    pub concurrent_calls: u32,
    /// How long a call waits for others to end before it is refused, in milliseconds.
    pub queue_ms: u64,
    /// Calls of host functions, other than `log`, `config`, `clock` and `random`.
    pub host_calls: u32,
    /// Lines of log.
    pub log_lines: u32,
    /// All lines of log together, in bytes.
    pub log_bytes: u32,
    /// One line of log, in bytes.
    pub log_line_bytes: u32,
    /// Requests through connections.
    pub http_requests: u32,
    /// One request's body or one decoded answer, in bytes.
    pub http_bytes: u64,
    /// One request, from its start to the last byte of the answer, in milliseconds.
    pub http_ms: u64,
    /// One file that is read or written, in bytes.
    pub file_bytes: u64,
    /// All that is written to a workspace, or proposed, in bytes.
    pub written_bytes: u64,
    /// Files found by one search.
    pub found_files: u32,
    /// Entities a provider brings in one batch, and the catalog returns in one page.
    pub entities: u32,
    /// One JSON document or text that a plugin returns, in bytes.
    pub output_bytes: u64,
    /// Providers: from one pass to the next, in milliseconds; as often as other sources are
    /// read when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_interval_ms: Option<u64>,
}

/// A component larger than this is taken to carry a language runtime.
const RUNTIME_BYTES: u64 = 4 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall_ms: 10_000,
            cpu_ms: 2_000,
            cpu_ms_per_minute: 30_000,
            memory_bytes: 64 << 20,
            table_elements: 20_000,
            component_handles: 1_000,
            transfer_bytes: 16 << 20,
            concurrent_calls: 8,
            queue_ms: 1_000,
            host_calls: 2_000,
            log_lines: 1_000,
            log_bytes: 256 << 10,
            log_line_bytes: 4 << 10,
            http_requests: 32,
            http_bytes: 5 << 20,
            http_ms: 10_000,
            file_bytes: 2 << 20,
            written_bytes: 16 << 20,
            found_files: 5_000,
            entities: 1_000,
            output_bytes: 1 << 20,
            pass_interval_ms: None,
        }
    }
}

impl Limits {
    /// The defaults of a world: providers and actions wait for others and take longer.
    pub fn of(world: World) -> Self {
        let check = Self::default();
        match world {
            World::ScorecardCheck => check,
            World::ScaffolderAction => Self {
                wall_ms: 300_000,
                cpu_ms: 10_000,
                concurrent_calls: 4,
                ..check
            },
            World::CatalogProvider => Self {
                wall_ms: 120_000,
                cpu_ms: 10_000,
                concurrent_calls: 1,
                transfer_bytes: 64 << 20,
                memory_bytes: 128 << 20,
                entities: 5_000,
                ..check
            },
        }
    }

    /// For guests that carry a language runtime (Python, JavaScript).
    #[must_use]
    pub fn with_language_runtime(self) -> Self {
        Self {
            memory_bytes: self.memory_bytes.max(256 << 20),
            table_elements: self.table_elements.max(100_000),
            ..self
        }
    }

    /// With room for a language runtime when a component of this size carries one: those of
    /// Python and JavaScript have 12 MB and more, and few others come near.
    #[must_use]
    pub fn for_size(self, bytes: u64) -> Self {
        match bytes > RUNTIME_BYTES {
            true => self.with_language_runtime(),
            false => self,
        }
    }

    pub(crate) fn wall(&self) -> Duration {
        Duration::from_millis(self.wall_ms)
    }

    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_millis(self.cpu_ms)
    }

    pub(crate) fn cpu_per_minute(&self) -> Duration {
        Duration::from_millis(self.cpu_ms_per_minute)
    }

    pub(crate) fn queue(&self) -> Duration {
        Duration::from_millis(self.queue_ms)
    }

    pub(crate) fn http(&self) -> Duration {
        Duration::from_millis(self.http_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_components_have_room_for_their_runtime() {
        for world in [
            World::ScorecardCheck,
            World::ScaffolderAction,
            World::CatalogProvider,
        ] {
            let usual = Limits::of(world);
            assert_eq!(usual.clone().for_size(1 << 20), usual, "Rust");
            let javascript = usual.clone().for_size(12_000_000);
            assert_eq!(javascript, usual.with_language_runtime());
            assert!(javascript.memory_bytes >= 256 << 20);
        }
    }

    #[test]
    fn only_what_differs_is_written_down() {
        let limits: Limits = serde_json::from_str(r#"{"cpuMs": 5}"#).unwrap();
        assert_eq!(limits.cpu(), Duration::from_millis(5));
        assert_eq!(limits.memory_bytes, Limits::default().memory_bytes);
        assert!(serde_json::from_str::<Limits>(r#"{"cpu": 5}"#).is_err());
    }
}
