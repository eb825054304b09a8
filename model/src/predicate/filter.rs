//! The `filter=` parameters of a request.

use super::{Predicate, PredicateError};

/// Reads repeated `filter=` parameters.
///
/// Inside one parameter, statements separated by `,` must all hold, and a key
/// that comes again means one of its values. Of several parameters one must
/// hold. A key without `=` asks that it exists.
pub fn parse_filter_params<S: AsRef<str>>(params: &[S]) -> Result<Predicate, PredicateError> {
    let mut sets = Vec::new();
    for param in params {
        if let Some(set) = parse_set(param.as_ref())? {
            sets.push(set);
        }
    }
    if sets.is_empty() {
        Ok(Predicate::Always)
    } else {
        Ok(Predicate::any(sets))
    }
}

/// One parameter; `None` when it says nothing.
fn parse_set(param: &str) -> Result<Option<Predicate>, PredicateError> {
    let mut keys: Vec<(&str, Vec<String>)> = Vec::new();
    for statement in param
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        let (key, value) = match statement.split_once('=') {
            Some((key, value)) => (key.trim(), Some(value.trim().to_owned())),
            None => (statement, None),
        };
        if key.is_empty() {
            return Err(PredicateError::Statement(statement.to_owned()));
        }
        match keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.extend(value),
            None => keys.push((key, value.into_iter().collect())),
        }
    }
    if keys.is_empty() {
        return Ok(None);
    }
    let conditions = keys.into_iter().map(|(key, values)| {
        if values.is_empty() {
            Predicate::exists(key)
        } else {
            Predicate::one_of(key, values)
        }
    });
    Ok(Some(Predicate::all(conditions.collect())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RelationType, predicate::Targets};

    fn is(key: &str, values: &[&str]) -> Predicate {
        Predicate::In(
            key.to_owned(),
            values.iter().map(|&value| value.to_owned()).collect(),
        )
    }

    fn parse(params: &[&str]) -> Predicate {
        parse_filter_params(params).unwrap()
    }

    #[test]
    fn no_statement_is_no_condition() {
        assert_eq!(parse(&[]), Predicate::Always);
        assert_eq!(parse(&["", " , "]), Predicate::Always);
    }

    #[test]
    fn statements_are_and_parameters_are_or() {
        assert_eq!(
            parse(&["kind=Component, spec.type = Service", "kind=api"]),
            Predicate::Any(vec![
                Predicate::All(vec![
                    is("kind", &["component"]),
                    is("spec.type", &["service"])
                ]),
                is("kind", &["api"]),
            ])
        );
    }

    #[test]
    fn a_repeated_key_means_one_of() {
        assert_eq!(parse(&["kind=a,kind=B,kind=A"]), is("kind", &["a", "b"]));
        assert_eq!(parse(&["kind,kind=a"]), is("kind", &["a"]));
    }

    #[test]
    fn bare_keys_and_empty_values() {
        assert_eq!(
            parse(&["metadata.Title"]),
            Predicate::Exists("metadata.title".to_owned())
        );
        assert_eq!(parse(&["a="]), is("a", &[""]));
        assert_eq!(parse(&["a=b=c"]), is("a", &["b=c"]));
    }

    #[test]
    fn relations() {
        assert_eq!(
            parse(&["relations.ownedby=Group:default/x"]),
            Predicate::HasRelation {
                kind: RelationType::OwnedBy,
                targets: Targets::In(vec!["group:default/x".to_owned()]),
            }
        );
    }

    #[test]
    fn a_statement_needs_a_key() {
        let error = parse_filter_params(&["a=b,=c"]).unwrap_err();
        assert_eq!(error, PredicateError::Statement("=c".to_owned()));
    }
}
