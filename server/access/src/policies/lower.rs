//! From conditions of policies to filters of lists.
//!
//! What policies can say about the resource of a list is what lists can be filtered by:
//! comparing its texts, looking into its sets, asking whether something is there.

use cedar_policy::pst::{
    ActionConstraint, BinaryOp, Clause, Expr, Literal, PatternElem, Policy, ResourceConstraint,
    UnaryOp, Var,
};
use portico_model::Predicate;

use crate::ResourceType;

/// A part of a condition that lists cannot be filtered by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    /// Another operation than those above.
    #[error("\"{0}\" is nothing that a list can be filtered by")]
    Operation(String),
    /// A text of an entity is never equal to this one.
    #[error("\"{0}\" has capitals, and texts of entities are in lower case: write \"{1}\"")]
    Capitals(String, String),
}

/// Reads conditions on one type of resource.
pub(super) struct Lowering {
    pub(super) resource: ResourceType,
    /// Whether a condition of a policy as it was written is looked at: what does not depend
    /// on the resource is then taken to hold.
    pub(super) dry: bool,
}

impl Lowering {
    /// The filter that a condition is.
    pub(super) fn predicate(&self, expr: &Expr) -> Result<Predicate, Unfit> {
        if let Expr::Literal(Literal::Bool(value)) = expr {
            return Ok(if *value {
                Predicate::Always
            } else {
                Predicate::Never
            });
        }
        if self.dry && !mentions_resource(expr) {
            return Ok(Predicate::Always);
        }
        match expr {
            Expr::UnaryOp {
                op: UnaryOp::Not,
                expr,
            } => Ok(not(self.predicate(expr)?)),
            Expr::UnaryOp {
                op: UnaryOp::IsEmpty,
                expr: set,
            } => {
                let key = self.attribute(set).ok_or_else(|| unfit(expr))?;
                Ok(not(Predicate::Exists(key)))
            }
            Expr::BinaryOp { op, left, right } => self.binary(expr, *op, left, right),
            Expr::IfThenElse {
                cond,
                then_expr,
                else_expr,
            } => {
                let condition = self.predicate(cond)?;
                let then = Predicate::All(vec![condition.clone(), self.predicate(then_expr)?]);
                let otherwise = Predicate::All(vec![not(condition), self.predicate(else_expr)?]);
                Ok(Predicate::Any(vec![then, otherwise]))
            }
            Expr::HasAttr { expr: of, attrs } if is_resource(of) && attrs.tail.is_empty() => {
                Ok(Predicate::Exists(self.key(&attrs.head)))
            }
            Expr::Like { expr: of, pattern } => {
                let (Some(key), Some(prefix)) = (self.attribute(of), prefix(pattern)) else {
                    return Err(unfit(expr));
                };
                Ok(self.starts(key, self.lower_case(prefix)?))
            }
            Expr::Is {
                expr: of,
                entity_type,
                in_expr: None,
            } if is_resource(of) => Ok(if entity_type.to_string() == self.resource.as_str() {
                Predicate::Always
            } else {
                Predicate::Never
            }),
            _ => Err(unfit(expr)),
        }
    }

    fn binary(
        &self,
        whole: &Expr,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
    ) -> Result<Predicate, Unfit> {
        let is_in = |key: Option<String>, values: Option<Vec<String>>| {
            let (key, values) = key.zip(values).ok_or_else(|| unfit(whole))?;
            let values: Result<Vec<_>, _> =
                values.into_iter().map(|it| self.lower_case(it)).collect();
            Ok((key, values?))
        };
        Ok(match op {
            BinaryOp::And => Predicate::All(vec![self.predicate(left)?, self.predicate(right)?]),
            BinaryOp::Or => Predicate::Any(vec![self.predicate(left)?, self.predicate(right)?]),
            BinaryOp::Eq | BinaryOp::NotEq => {
                let (of, value) = match self.attribute(left) {
                    Some(key) => (Some(key), right),
                    None => (self.attribute(right), left),
                };
                let (key, values) = is_in(of, self.texts(value))?;
                let equal = self.one_of(key, values);
                if op == BinaryOp::Eq {
                    equal
                } else {
                    not(equal)
                }
            }
            BinaryOp::Contains | BinaryOp::ContainsAny => {
                let (of, values) = match self.attribute(left) {
                    Some(key) => (Some(key), self.texts(right)),
                    None => (self.attribute(right), self.texts(left)),
                };
                let (key, values) = is_in(of, values)?;
                self.one_of(key, values)
            }
            BinaryOp::ContainsAll => {
                let (key, values) = is_in(self.attribute(left), self.texts(right))?;
                let each = values
                    .into_iter()
                    .map(|value| self.one_of(key.clone(), vec![value]));
                Predicate::All(each.collect())
            }
            BinaryOp::HasTag if is_resource(left) => {
                let (key, _) = is_in(self.label(right), Some(Vec::new()))?;
                Predicate::Exists(key)
            }
            _ => return Err(unfit(whole)),
        })
    }

    /// The resource's text at `key` is one of these. The catalog has no key for references:
    /// their parts are looked for.
    fn one_of(&self, key: String, values: Vec<String>) -> Predicate {
        if !self.is_ref(&key) {
            return Predicate::In(key, values);
        }
        let parts = values.iter().map(|value| {
            let (kind, rest) = value.split_once(':')?;
            let (namespace, name) = rest.split_once('/')?;
            let is = |key: &str, value: &str| Predicate::In(key.to_owned(), vec![value.to_owned()]);
            Some(Predicate::All(vec![
                is("kind", kind),
                is("metadata.namespace", namespace),
                is("metadata.name", name),
            ]))
        });
        Predicate::any(parts.flatten().collect())
    }

    /// The resource's text at `key` starts so.
    fn starts(&self, key: String, start: String) -> Predicate {
        if !self.is_ref(&key) {
            return Predicate::HasPrefix(key, start);
        }
        let is = |key: &str, value: &str| Predicate::In(key.to_owned(), vec![value.to_owned()]);
        let starts =
            |key: &str, start: &str| Predicate::HasPrefix(key.to_owned(), start.to_owned());
        let Some((kind, rest)) = start.split_once(':') else {
            return starts("kind", &start);
        };
        let within = match rest.split_once('/') {
            None => starts("metadata.namespace", rest),
            Some((namespace, name)) => Predicate::All(vec![
                is("metadata.namespace", namespace),
                starts("metadata.name", name),
            ]),
        };
        Predicate::All(vec![is("kind", kind), within])
    }

    fn is_ref(&self, key: &str) -> bool {
        self.resource == ResourceType::Entity && key == "ref"
    }

    /// The key that an attribute or a tag of the resource is filtered by.
    fn attribute(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::GetAttr { expr, attr } if is_resource(expr) => Some(self.key(attr)),
            Expr::BinaryOp {
                op: BinaryOp::GetTag,
                left,
                right,
            } if is_resource(left) => self.label(right),
            _ => None,
        }
    }

    fn label(&self, expr: &Expr) -> Option<String> {
        let [name] = <[String; 1]>::try_from(self.texts(expr)?).ok()?;
        Some(format!("metadata.labels.{}", name.to_lowercase()))
    }

    fn key(&self, attribute: &str) -> String {
        let key = match (self.resource, attribute) {
            (ResourceType::Entity, "namespace") => "metadata.namespace",
            (ResourceType::Entity, "name") => "metadata.name",
            (ResourceType::Entity, "type") => "spec.type",
            (ResourceType::Entity, "lifecycle") => "spec.lifecycle",
            (ResourceType::Entity, "owners") => "relations.ownedby",
            (ResourceType::Entity, "systems") => "relations.partof",
            (ResourceType::Entity, "tagged") => "metadata.tags",
            (_, other) => other,
        };
        key.to_owned()
    }

    /// The texts that a value is, or a set holds.
    fn texts(&self, expr: &Expr) -> Option<Vec<String>> {
        match expr {
            Expr::Literal(Literal::String(text)) => Some(vec![text.to_string()]),
            Expr::Set(items) => {
                let items: Option<Vec<_>> = items.iter().map(|it| self.texts(it)).collect();
                Some(items?.concat())
            }
            _ if self.dry && !mentions_resource(expr) => Some(Vec::new()),
            _ => None,
        }
    }

    fn lower_case(&self, text: String) -> Result<String, Unfit> {
        let lower = text.to_lowercase();
        if self.resource != ResourceType::Entity || text == lower {
            return Ok(text);
        }
        // Names of people who ask may have capitals; only what was written is a mistake.
        if self.dry {
            Err(Unfit::Capitals(text, lower))
        } else {
            Ok(text)
        }
    }
}

fn unfit(expr: &Expr) -> Unfit {
    Unfit::Operation(expr.to_string())
}

fn not(predicate: Predicate) -> Predicate {
    match predicate {
        Predicate::Always => Predicate::Never,
        Predicate::Never => Predicate::Always,
        other => Predicate::Not(Box::new(other)),
    }
}

/// What a pattern such as `"orders-*"` begins with; `None` for any other form.
fn prefix(pattern: &[PatternElem]) -> Option<String> {
    let (PatternElem::Wildcard, start) = pattern.split_last()? else {
        return None;
    };
    start
        .iter()
        .map(|element| match element {
            PatternElem::Char(letter) => Some(*letter),
            PatternElem::Wildcard => None,
        })
        .collect()
}

fn is_resource(expr: &Expr) -> bool {
    matches!(expr, Expr::Var(Var::Resource))
}

fn mentions_resource(expr: &Expr) -> bool {
    match expr {
        Expr::Var(var) => *var == Var::Resource,
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => mentions_resource(expr),
        Expr::Is { expr, in_expr, .. } => {
            mentions_resource(expr) || in_expr.as_deref().is_some_and(mentions_resource)
        }
        Expr::BinaryOp { left, right, .. } => mentions_resource(left) || mentions_resource(right),
        Expr::IfThenElse {
            cond,
            then_expr,
            else_expr,
        } => [cond, then_expr, else_expr]
            .into_iter()
            .any(|it| mentions_resource(it)),
        Expr::Set(items) => items.iter().any(|it| mentions_resource(it)),
        Expr::Record(fields) => fields.values().any(|it| mentions_resource(it)),
        _ => false,
    }
}

/// Whether a policy may be about an action.
pub(super) fn covers(policy: &Policy, action: &str, verb: &str) -> bool {
    match &policy.body().action {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => uid.eid == action,
        ActionConstraint::In(uids) => uids.iter().any(|uid| uid.eid == action || uid.eid == verb),
    }
}

/// What keeps a policy from filtering lists of a type of resource.
pub(super) fn check(policy: &Policy, resource: ResourceType) -> Vec<Unfit> {
    let body = policy.body();
    let lowering = Lowering {
        resource,
        dry: true,
    };
    match &body.resource {
        ResourceConstraint::Is(other) if other.to_string() != resource.as_str() => return vec![],
        ResourceConstraint::Any | ResourceConstraint::Is(_) => {}
        other => return vec![Unfit::Operation(other.to_string())],
    }
    body.clauses()
        .iter()
        .filter_map(|clause| {
            let (Clause::When(expr) | Clause::Unless(expr)) = clause;
            lowering.predicate(expr).err()
        })
        .collect()
}
