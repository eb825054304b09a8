//! `pick`: lodash's `get`.

use serde_json::Value as Json;

/// `object | pick('a.b[0].c')`, or with a list of names. What is not there is null.
pub(super) fn pick(arguments: &[Json]) -> Result<Json, String> {
    let names: Vec<String> = match arguments.get(1) {
        Some(Json::String(path)) => {
            // A field whose name is the whole path goes first.
            if let Some(found) = arguments.first().and_then(|it| it.get(path)) {
                return Ok(found.clone());
            }
            let names = path.split(['.', '[', ']']).filter(|it| !it.is_empty());
            names
                .map(|name| name.trim_matches(['"', '\'']).to_owned())
                .collect()
        }
        Some(Json::Array(names)) => names
            .iter()
            .map(|name| {
                name.as_str()
                    .map_or_else(|| name.to_string(), str::to_owned)
            })
            .collect(),
        Some(Json::Number(index)) => vec![index.to_string()],
        _ => return Err("it takes the path of a field, as in pick('owner')".to_owned()),
    };
    let found = arguments.first().and_then(|object| {
        names.iter().try_fold(object, |at, name| match at {
            Json::Array(items) => items.get(name.parse::<usize>().ok()?),
            other => other.get(name),
        })
    });
    Ok(found.cloned().unwrap_or(Json::Null))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_to_values() {
        let object = json!({"a": {"b": [{"c": 1}]}, "x.y": 2});
        let pick = |path: Json| pick(&[object.clone(), path]).unwrap();
        assert_eq!(pick("a.b[0].c".into()), json!(1));
        assert_eq!(pick(json!(["a", "b", 0, "c"])), json!(1));
        assert_eq!(pick("x.y".into()), json!(2));
        assert_eq!(pick("a.none.c".into()), Json::Null);
    }
}
