//! The policies that the documentation shows can be put in force.

use portico_access::Policies;

#[test]
fn policies_of_the_documentation_are_valid() {
    let page = include_str!("../../../docs/platform/permissions.md");
    let examples: Vec<&str> = page
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
