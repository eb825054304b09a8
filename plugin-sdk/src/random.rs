//! Capability `random`: numbers nobody can guess.
//!
//! ```
//! use portico_plugin_sdk::{mock, random};
//!
//! let _host = mock::Host::new();
//! assert_eq!(random::bytes(16).len(), 16);
//! ```

use crate::host;

/// At most 4,096 random bytes. In tests they are the same each time.
pub fn bytes(count: u32) -> Vec<u8> {
    host::random_bytes(count)
}
