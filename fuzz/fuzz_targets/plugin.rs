//! Any bytes are a plugin, or are refused, without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portico_plugin_package::{Trust, inspect, read_manifest};

fuzz_target!(|bytes: &[u8]| {
    let manifest = read_manifest(bytes);
    let report = inspect(bytes, &Trust::default(), None);
    assert!(!report.is_acceptable() || manifest.is_ok(), "{report:?}");
});
