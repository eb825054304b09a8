//! Names that people choose, and the symbols that Bicep knows them by.

use portico_plugin_sdk::{Result, bail};

/// Refuses a name that is not lower-case words with hyphens, of at most `most` characters.
pub fn check_name(what: &str, name: &str, most: usize) -> Result<()> {
    let allowed = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let fine = (2..=most).contains(&name.len())
        && name.bytes().all(allowed)
        && name.starts_with(|it: char| it.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--");
    if !fine {
        bail!(
            "`{name}` is no name for {what}: write 2 to {most} lower-case letters, digits and \
             hyphens, beginning with a letter, such as `order-placed`."
        );
    }
    Ok(())
}

/// `order-placed` as `orderPlaced`, with a suffix that says what it is.
pub fn symbol(name: &str, suffix: &str) -> String {
    let mut symbol = String::new();
    for (at, word) in name.split('-').enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if at > 0 => {
                symbol.push(first.to_ascii_uppercase());
                symbol.push_str(letters.as_str());
            }
            _ => symbol.push_str(word),
        }
    }
    symbol + suffix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_symbols() {
        for name in ["orders", "order-placed", "v2"] {
            check_name("a queue", name, 50).unwrap();
        }
        for name in ["", "a", "Orders", "-a", "a-", "a--b", "a b", "1a", "a'b"] {
            check_name("a queue", name, 50).unwrap_err();
        }
        assert_eq!(symbol("order-placed", "Queue"), "orderPlacedQueue");
        assert_eq!(symbol("orders", ""), "orders");
    }
}
