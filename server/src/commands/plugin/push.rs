//! `portico plugin push`.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use portico_config::Secret;
use portico_plugin_package::{Trust, inspect};
use portico_plugins::registry::{self, Publication};

use super::{PushArgs, inspect::read, report};

pub(super) async fn run(args: PushArgs) -> Result<ExitCode> {
    let package = read(&args.file)?;
    let found = inspect(&package, &Trust::default(), None);
    let manifest = found.manifest.clone().with_context(|| {
        let file = args.file.display();
        format!("{file} is no plugin; `portico plugin build` makes one")
    })?;
    if !found.is_acceptable() {
        eprint!("{}", report::findings(&found));
        return Ok(ExitCode::FAILURE);
    }
    let publication = Publication {
        reference: args.reference,
        sign_in: args.username.zip(args.password.map(Secret::new)),
        insecure: args.insecure,
    };
    let pinned = registry::push(publication, &manifest, &found, package).await?;
    println!("{pinned}");
    eprintln!("Hand it in with: portico plugin submit oci://{pinned}");
    Ok(ExitCode::SUCCESS)
}
