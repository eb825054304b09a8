//! As much of Bicep as a test needs: brackets, and whether what is used is declared.

use std::collections::BTreeSet;

/// What is wrong with a Bicep file: brackets that do not match, symbols that are declared twice,
/// and properties of symbols that are not declared.
pub(super) fn bicep_problems(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let text = &lines.collect::<Vec<_>>().join("\n");
    for (open, close) in [('{', '}'), ('[', ']'), ('(', ')')] {
        if text.matches(open).count() != text.matches(close).count() {
            problems.push(format!("{open} and {close} do not match"));
        }
    }
    if text.matches('\'').count() % 2 != 0 {
        problems.push("a text does not end".to_owned());
    }
    let mut declared = BTreeSet::new();
    for line in text.lines() {
        let mut words = line.split(' ');
        if let (Some("param" | "var" | "resource"), Some(symbol)) = (words.next(), words.next())
            && !declared.insert(symbol)
        {
            problems.push(format!("{symbol} is declared twice"));
        }
    }
    let known = [
        "Microsoft",
        "json",
        "azure",
        "mcr",
        "vault",
        "resourceGroup",
        "subscription",
    ];
    for part in ["id", "properties", "name", "identity", "listKeys"] {
        let wanted = format!(".{part}");
        for (at, _) in text.match_indices(&wanted) {
            let after = text[at + wanted.len()..].chars().next();
            let before = &text[..at];
            let from = before.rfind(|it: char| !it.is_alphanumeric() && it != '_');
            let symbol = &before[from.map_or(0, |at| at + 1)..];
            let path = before.ends_with([')', ']']) || before[..from.unwrap_or(0)].ends_with('.');
            let whole = !after.is_some_and(char::is_alphanumeric);
            if whole
                && !path
                && !symbol.is_empty()
                && !known.contains(&symbol)
                && !declared.contains(symbol)
            {
                problems.push(format!("{symbol}{wanted} is of nothing that is declared"));
            }
        }
    }
    problems
}

#[test]
fn problems_are_found() {
    assert!(bicep_problems("resource a 'x@1' = {\n  b: a.id\n}\n").is_empty());
    for wrong in [
        "resource a 'x@1' = {\n",
        "var a = 1\nvar a = 2\n",
        "var a = b.id\n",
        "var a = 'b\n",
    ] {
        assert_eq!(bicep_problems(wrong).len(), 1, "{wrong}");
    }
}
