//! Capability `clock`: what time it is.
//!
//! ```
//! use std::time::Duration;
//! use portico_plugin_sdk::{clock, mock};
//!
//! let host = mock::Host::new();
//! host.set_time(Duration::from_secs(1_800_000_000));
//! assert_eq!(clock::now().as_secs(), 1_800_000_000);
//! ```

use std::time::Duration;

use crate::host;

/// The time since 1970-01-01T00:00:00Z, to the millisecond.
pub fn now() -> Duration {
    Duration::from_millis(host::clock_now())
}
