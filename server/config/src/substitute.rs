//! `${NAME}`, `${NAME:-default}` and `$${` inside a text.

/// Looks an environment variable up; a parameter so that tests need no real one.
pub(crate) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A text after substitution.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Substituted {
    /// `None` when a variable without a default is not set: the value counts as absent.
    pub(crate) text: Option<String>,
    /// Variables that were used or missed.
    pub(crate) variables: Vec<String>,
}

/// Replaces the variables of one text.
pub(crate) fn substitute(text: &str, env: Env<'_>) -> Substituted {
    let mut out = String::with_capacity(text.len());
    let mut variables = Vec::new();
    let mut complete = true;
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, after) = rest.split_at(at);
        if let Some(literal) = before.strip_suffix('$') {
            out.push_str(literal);
            out.push_str("${");
            rest = &after[2..];
            continue;
        }
        let Some(expression) = after[2..].find('}').map(|end| &after[2..2 + end]) else {
            break;
        };
        out.push_str(before);
        rest = &after[expression.len() + 3..];
        let (name, default) = match expression.split_once(":-") {
            Some((name, default)) => (name.trim(), Some(default)),
            None => (expression.trim(), None),
        };
        match (env(name).filter(|value| !value.is_empty()), default) {
            (Some(value), _) => out.push_str(&value),
            (None, Some(default)) => out.push_str(default),
            (None, None) => complete = false,
        }
        variables.push(name.to_owned());
    }
    out.push_str(rest);
    Substituted {
        text: complete.then_some(out),
        variables,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(name: &str) -> Option<String> {
        match name {
            "HOST" => Some("db.contoso.com".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    fn text(of: &str) -> Option<String> {
        substitute(of, &env).text
    }

    #[test]
    fn variables_are_replaced_wherever_they_stand() {
        assert_eq!(
            text("tcp://${HOST}:5432/${ HOST }").unwrap(),
            "tcp://db.contoso.com:5432/db.contoso.com"
        );
    }

    #[test]
    fn a_default_stands_in_for_unset_and_empty_variables() {
        assert_eq!(
            text("${NONE:-here} ${EMPTY:-there} ${HOST:-no} ${NONE:-}").unwrap(),
            "here there db.contoso.com "
        );
    }

    #[test]
    fn an_unset_variable_without_default_takes_the_value_away() {
        let result = substitute("token ${NONE}", &env);
        assert_eq!(result.text, None);
        assert_eq!(result.variables, ["NONE"]);
    }

    #[test]
    fn a_doubled_dollar_is_a_literal() {
        assert_eq!(text("$${HOST} $x $5 {}").unwrap(), "${HOST} $x $5 {}");
        assert_eq!(
            text("a $${{ parameters.name }}").unwrap(),
            "a ${{ parameters.name }}"
        );
    }

    #[test]
    fn an_unclosed_brace_stays_as_written() {
        assert_eq!(text("${HOST").unwrap(), "${HOST");
        assert_eq!(text("x ${").unwrap(), "x ${");
    }
}
