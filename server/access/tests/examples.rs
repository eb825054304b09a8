//! What the documentation says of policies holds.

use portico_access::{Action, Policies};

const PAGE: &str = include_str!("../../../docs/platform/permissions.md");

#[test]
fn policies_of_the_documentation_are_valid() {
    let examples: Vec<&str> = PAGE
        .split("```cedar\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(examples.len() > 3, "{examples:?}");
    for example in examples {
        if let Err(problems) = Policies::parse(example) {
            panic!("{example}\n{problems:?}");
        }
    }
}

#[test]
fn the_documentation_lists_every_action() {
    for action in Action::ALL {
        let on: Vec<_> = action.on().iter().map(|it| it.as_str()).collect();
        let row = format!(
            "| `{}` | {} | {} |",
            action.as_str(),
            action.about(),
            on.join(", ")
        );
        assert!(PAGE.contains(&row), "{row}");
    }
}
