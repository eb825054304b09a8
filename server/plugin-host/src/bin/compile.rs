//! The compiling process on its own: for tests and examples of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    portico_plugin_host::compile_child_main()
}
