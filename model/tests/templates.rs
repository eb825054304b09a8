//! Real-world templates all load. The files are not part of the repository; without them the
//! test says so and passes.

use std::{fs, path::PathBuf};

use portico_model::{
    KnownKinds,
    template::Template,
    validate_entity,
    yaml::{Limits, parse_documents},
};

#[test]
fn every_valid_template_of_the_corpus_loads() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/catalog");
    let Ok(files) = fs::read_dir(&corpus) else {
        eprintln!("SKIPPED: the corpus {} is not here", corpus.display());
        return;
    };
    let (mut loaded, mut failures) = (0, Vec::new());
    for file in files {
        let path = file.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for document in parse_documents(&text, &Limits::default()) {
            let Ok(value) = document.outcome else {
                continue;
            };
            let valid = validate_entity(value.clone(), &KnownKinds::default()).is_ok();
            if value["kind"] != "Template" || !valid {
                continue;
            }
            match Template::parse(&value) {
                Ok(template) => {
                    loaded += 1;
                    assert!(template.steps.iter().all(|step| !step.action.is_empty()));
                }
                Err(problems) => failures.push(format!("{}: {}", path.display(), problems[0])),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(loaded > 30, "only {loaded} templates were found");
}
