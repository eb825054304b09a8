//! Rebuilds the crate when a migration is added: the embedding macro cannot notice a new file.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
