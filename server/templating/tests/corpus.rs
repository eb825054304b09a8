//! Every case of the shared corpus, where it is there.

use std::path::Path;

use portico_templating::{CaseFile, Engine, Syntax};

#[test]
fn every_case_of_the_corpus_prints_what_it_should() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let file = root.join("corpus/templating/nunjucks-cases.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        eprintln!("SKIPPED: the corpus {} is not here", file.display());
        return;
    };
    let file: CaseFile = serde_json::from_str(&text).unwrap();
    assert!(file.cases.len() > 100);
    let engine = Engine::new(Syntax::JINJA);
    let failures: Vec<String> = file
        .cases
        .iter()
        .filter_map(|case| {
            let printed = case.check(&engine).err()?;
            let expected = &case.expected;
            Some(format!(
                "{}\n  expected {expected:?}\n  printed  {printed:?}",
                case.id
            ))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
