//! `run`: build, then serve the example organisation.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    build::{self, Profile},
    plugins,
    process::{self, Running},
    steps::{done, elapsed},
    tools::Tools,
};

const LISTEN: &str = "127.0.0.1:3000";

/// Options of `run`.
#[derive(clap::Args)]
pub struct Args {
    /// Build optimised, as it is shipped
    #[arg(long)]
    release: bool,
    /// Arguments for `portico serve`, after `--`; they win over the example's
    #[arg(last = true, value_name = "SERVE_ARGS")]
    serve: Vec<String>,
}

pub fn run(args: Args) -> Result<()> {
    let started = Instant::now();
    let serve = serve_args(args.serve);
    let address = listen_address(&serve)?;
    let tools = Tools::for_build()?;
    let profile = if args.release {
        Profile::Release
    } else {
        Profile::Debug
    };
    build::build(&tools, profile)?;
    let plugins = plugins::ensure(&tools, profile)?;
    // Checked here, where the answer can say what to do; the server would only say "in use".
    if let Err(error) = TcpListener::bind(address) {
        bail!(
            "cannot listen on {address} ({error}): stop what listens there, or choose another \
             address with `cargo xtask run -- --listen 127.0.0.1:3001`"
        );
    }
    let mut command = tools.command(profile.binary());
    command.args(serve).env("PORTICO_PLUGINS", plugins);
    let mut server = Running::start(&mut command)?;
    thread::spawn(move || announce(address, started));
    let status = server.wait()?;
    if status.success() || process::interrupted() {
        return Ok(());
    }
    bail!("the server stopped ({status})");
}

/// The arguments of the server: what the developer gave, and the example for what they did not.
pub fn serve_args(given: Vec<String>) -> Vec<String> {
    let mut args = vec!["serve".to_owned()];
    let defaults = [
        ("--config", "examples/contoso/portico.yaml"),
        ("--data", "data"),
        ("--listen", LISTEN),
    ];
    for (name, value) in defaults {
        if option(&given, name).is_none() {
            args.extend([name.to_owned(), value.to_owned()]);
        }
    }
    args.extend(given);
    args
}

fn listen_address(args: &[String]) -> Result<SocketAddr> {
    let text = option(args, "--listen").unwrap_or(LISTEN);
    text.parse()
        .with_context(|| format!("`--listen {text}` is not an address and a port"))
}

/// The value of `--name value` or `--name=value`.
fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let position = args
        .iter()
        .position(|arg| arg.split('=').next() == Some(name))?;
    let value = args[position].split_once('=').map(|(_, value)| value);
    value.or_else(|| args.get(position + 1).map(String::as_str))
}

/// Says where the portal is as soon as it answers.
fn announce(address: SocketAddr, started: Instant) {
    while !is_ready(address).unwrap_or(false) {
        thread::sleep(Duration::from_millis(50));
    }
    done(
        format!("Portico is ready: http://{address}"),
        elapsed(started.elapsed()),
    );
}

fn is_ready(address: SocketAddr) -> std::io::Result<bool> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(
        connection,
        "GET /readyz HTTP/1.0\r\nHost: {address}\r\n\r\n"
    )?;
    let mut answer = String::new();
    connection.take(64).read_to_string(&mut answer)?;
    Ok(answer.split(' ').nth(1) == Some("200"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn what_is_given_wins_over_the_example() {
        let args = serve_args(words("--listen=127.0.0.1:4000 --config my.yaml"));
        assert_eq!(
            args,
            words("serve --data data --listen=127.0.0.1:4000 --config my.yaml")
        );
        assert_eq!(listen_address(&args).unwrap().port(), 4000);
    }

    #[test]
    fn the_example_is_complete() {
        let args = serve_args(Vec::new());
        assert_eq!(
            option(&args, "--config"),
            Some("examples/contoso/portico.yaml")
        );
        assert_eq!(listen_address(&args).unwrap().to_string(), LISTEN);
    }
}
