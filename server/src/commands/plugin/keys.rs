//! `portico plugin keygen` and `portico plugin sign`.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result};
use portico_plugin_package::{SecretKey, generate_keys, sign as sign_package};

use super::{KeygenArgs, SignArgs, inspect::read};

pub(super) fn generate(args: KeygenArgs) -> Result<ExitCode> {
    let (public, secret) = generate_keys(args.password)?;
    let (public_file, secret_file) = (
        with_ending(&args.name, "pub"),
        with_ending(&args.name, "key"),
    );
    write_secret(&secret_file, &secret)?;
    fs::write(&public_file, &public)
        .with_context(|| format!("cannot write {}", public_file.display()))?;
    println!("{}  for the platform team:", public_file.display());
    println!("  {}", public.lines().nth(1).unwrap_or_default());
    println!(
        "{}  a secret: whoever has it publishes in your name",
        secret_file.display()
    );
    Ok(ExitCode::SUCCESS)
}

pub(super) fn sign(args: SignArgs) -> Result<ExitCode> {
    let text = fs::read_to_string(&args.key)
        .with_context(|| format!("cannot read {}", args.key.display()))?;
    let key = SecretKey::from_text(&text, args.password)?;
    let package = read(&args.file)?;
    let signature = sign_package(&package, &key)?;
    let (file, bytes) = if args.detached {
        (
            with_ending(&args.file, "minisig"),
            signature.text().as_bytes().to_vec(),
        )
    } else {
        (args.file.clone(), signature.embed(&package)?)
    };
    fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    println!(
        "{} signed with the key {}",
        file.display(),
        signature.key()?
    );
    Ok(ExitCode::SUCCESS)
}

/// The path with `.ending` after all of it.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Writes a file that only its owner reads, and never over one that is there.
fn write_secret(path: &Path, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("cannot write {}", path.display()))
}
