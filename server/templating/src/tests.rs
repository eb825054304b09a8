//! The language through its public interface: own cases, where they differ from Jinja's.

use serde_json::{Value as Json, json};

use crate::{Context, Engine, Limits, Problem, Syntax, backstage::RepoHosts};

fn context() -> Context {
    Context::new(&json!({
        "name": "orders",
        "count": 3,
        "empty": [],
        "tags": ["java", "Api"],
        "person": {"first": "Ada", "last": "Byron"},
    }))
    .unwrap()
}

fn jinja(template: &str) -> String {
    Engine::new(Syntax::JINJA)
        .render(template, &context())
        .unwrap_or_else(|error| panic!("{template}: {error}"))
}

fn failure(template: &str) -> String {
    let engine = Engine::new(Syntax::JINJA);
    engine.render(template, &context()).unwrap_err().to_string()
}

fn backstage() -> Engine {
    Engine::backstage(RepoHosts::any())
}

#[test]
fn values_print_as_in_javascript() {
    for (template, printed) in [
        ("{{ none }}{{ missing }}{{ missing.part }}|", "|"),
        (
            "{{ true }} {{ 1.0 }} {{ 0.1 + 0.2 }}",
            "true 1 0.30000000000000004",
        ),
        ("{{ tags }} {{ person }}", "java,Api [object Object]"),
        ("{{ 'yes' if empty else 'no' }}", "yes"),
        (
            "{{ '' or 'b' }} {{ 'a' and 'b' }} {{ 0 or none or 'c' }}",
            "b b c",
        ),
        (
            "{{ 7 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 2 ** 10 }}",
            "3.5 3 -4 1024",
        ),
        ("{{ '1' == 1 }} {{ '1' === 1 }}", "true false"),
        ("{{ {a: {b: 1}}.a.b }}", "1"),
    ] {
        assert_eq!(jinja(template), printed, "{template}");
    }
}

#[test]
fn tags_do_what_they_say() {
    for (template, printed) in [
        (
            "{% for t in tags %}{{ loop.index }}{{ t }}{% if not loop.last %},{% endif %}{% endfor %}",
            "1java,2Api",
        ),
        ("{% for t in empty %}x{% else %}none{% endfor %}", "none"),
        (
            "{% for k, v in person %}{{ k }}={{ v }};{% endfor %}",
            "first=Ada;last=Byron;",
        ),
        (
            "{% if count == 1 %}a{% elif count == 3 %}b{% else %}c{% endif %}",
            "b",
        ),
        (" {%- raw %} {{ x }} {% endraw %} ", " {{ x }}  "),
        ("{# note #}{% set x = 'y' %}{{ x }}", "y"),
        (
            "{% switch name %}{% case 'a' %}A{% default %}D{% endswitch %}",
            "D",
        ),
        (
            "{% macro m(a, b='!') %}{{ a }}{{ b }}{% endmacro %}{{ m('hi') }}",
            "hi!",
        ),
        ("a\n  {%- if true -%}\n  b\n {%- endif %}", "ab"),
    ] {
        assert_eq!(jinja(template), printed, "{template}");
    }
}

#[test]
fn filters_do_what_they_say() {
    for (template, printed) in [
        (
            "{{ name | upper }} {{ name | capitalize }} {{ 'a b' | title }}",
            "ORDERS Orders A B",
        ),
        (
            "{{ missing | default('x') }}{{ '' | default('y') }}{{ '' | default('z', true) }}",
            "xz",
        ),
        (
            "{{ tags | join(', ') }} {{ tags | length }} {{ tags | first }}",
            "java, Api 2 java",
        ),
        (
            "{{ tags | sort | join }} {{ tags | sort(true) | join }}",
            "Apijava javaApi",
        ),
        ("{{ person | dump }}", r#"{"first":"Ada","last":"Byron"}"#),
        (
            "{{ 'a.b.c' | replace('.', '/') }} {{ 'a.b' | replace(r/[^.]/g, 'x') }}",
            "a/b/c x.x",
        ),
        (
            "{{ '12px' | int }} {{ 'x' | int(7) }} {{ '1.5' | float }}",
            "12 7 1.5",
        ),
        (
            "{{ ' a ' | trim }}{{ 'a<b' | escape }}{{ 'äö&' | urlencode }}",
            "aa&lt;b%C3%A4%C3%B6%26",
        ),
        ("{{ [3, 1, 2] | batch(2) | dump }}", "[[3,1],[2]]"),
        ("{{ 'a long text' | truncate(6) }}", "a long..."),
        ("{{ 'abcdef'[1:3] | dump }}", r#"["b","c"]"#),
    ] {
        assert_eq!(jinja(template), printed, "{template}");
    }
}

#[test]
fn blanks_around_tags_can_be_dropped() {
    let syntax = Syntax::JINJA.with_blanks(true, true);
    let template = "a\n  {% if true %}\n  b\n  {% endif %}\nc {% set x = 1 %}\n";
    let engine = Engine::new(syntax);
    assert_eq!(engine.render(template, &context()).unwrap(), "a\n  b\nc ");
}

#[test]
fn a_lone_expression_keeps_its_type() {
    let value = json!({
        "count": "${{ count }}",
        "text": "${{ count }} of ${{ tags | length }}",
        "tags": "${{ tags }}",
        "missing": "${{ missing }}",
        "list": ["${{ missing }}", "${{ count > 2 }}", {"deep": "${{ person.first }}"}],
        "${{ key }}": 1,
        "github": "{{ untouched }} ${ too }",
    });
    let rendered = backstage().render_value(&value, &context()).unwrap();
    assert_eq!(
        rendered,
        json!({
            "count": 3,
            "text": "3 of 2",
            "tags": ["java", "Api"],
            "list": [null, true, {"deep": "Ada"}],
            "${{ key }}": 1,
            "github": "{{ untouched }} ${ too }",
        })
    );
}

#[test]
fn errors_name_field_line_and_what_was_meant() {
    let value = json!({"values": {"tags": ["a", "b\n${{ name | uper }}"]}});
    let error = backstage().render_value(&value, &context()).unwrap_err();
    assert_eq!(
        error.within("input").to_string(),
        "input.values.tags[1], line 2: there is no filter \"uper\"; did you mean \"upper\"?"
    );
    let error = backstage()
        .evaluate("${{ x | parseRepoURL }}", &context())
        .unwrap_err();
    assert!(error.to_string().contains("\"parseRepoUrl\"?"), "{error}");
    let error = backstage()
        .strict()
        .evaluate("${{ nmae }}", &context())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1: there is no variable \"nmae\"; did you mean \"name\"?"
    );

    assert!(failure("{{ name is strng }}").contains("did you mean \"string\"?"));
    assert!(failure("{% fro x in y %}").contains("did you mean \"for\"?"));
    assert!(failure("{{ rnage(3) }}").contains("did you mean \"range\"?"));
    assert!(failure("{{ name.toUpperCase() }}").contains("| upper"));
    assert!(failure("\n\n{{ name ").starts_with("line 3: "));
    assert!(failure("{% if x %}").contains("{% endif %}"));
    assert!(failure("{% include 'x' %}").contains("not available"));
    assert!(failure("{{ person | lower }}").contains("it takes a text, and this is an object"));
}

#[test]
fn filters_of_backstage() {
    let of = |template: &str| backstage().evaluate(template, &context()).unwrap().unwrap();
    let url = "'github.com?owner=contoso&repo=orders'";
    assert_eq!(
        of(&format!("${{{{ {url} | projectSlug }}}}")),
        json!("contoso/orders")
    );
    assert_eq!(
        of(&format!("${{{{ ({url} | parseRepoUrl).repo }}}}")),
        json!("orders")
    );
    assert_eq!(
        of("${{ 'group:a' | parseEntityRef | pick('name') }}"),
        json!("a")
    );
    assert_eq!(of("${{ person | pick('first') }}"), json!("Ada"));
}

/// Threads of servers have 2 MB of stack, and debug builds take several times what release
/// builds do.
#[test]
fn no_template_runs_away() {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(nothing_runs_away).unwrap().join().unwrap();
}

fn nothing_runs_away() {
    let limits = Limits {
        steps: 10_000,
        output: 1_000,
    };
    let engine = Engine::new(Syntax::JINJA).with_limits(limits);
    let problem = |template: &str| engine.render(template, &context()).unwrap_err().problem;
    let endless = "{% for a in range(1e9) %}x{% endfor %}".replace("1e9", "1000000000");
    assert!(matches!(problem(&endless), Problem::TooMuchWork { .. }));
    let long = "{% for a in range(300) %}xxxxxxxxxx{% endfor %}";
    assert!(matches!(problem(long), Problem::OutputTooLarge { .. }));
    let doubling = "{% set x = 'x' %}{% for a in range(60) %}{% set x = x ~ x %}{% endfor %}";
    assert!(matches!(
        problem(doubling),
        Problem::TooMuchWork { .. } | Problem::ValueTooLarge
    ));
    let shared =
        "{% set x = [1] %}{% for a in range(60) %}{% set x = [x, x] %}{% endfor %}{{ x | dump }}";
    assert!(matches!(
        problem(shared),
        Problem::TooMuchWork { .. } | Problem::ValueTooLarge
    ));
    let nested = "{% set x = [1] %}{% for a in range(900) %}{% set x = [x] %}{% endfor %}";
    assert!(matches!(problem(nested), Problem::TooDeep { .. }));
    let calls = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
    assert!(matches!(problem(calls), Problem::TooDeep { .. }));
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(matches!(problem(&deep), Problem::TooDeep { .. }));
    let long_row = format!("{{{{ 1{} }}}}", " + 1".repeat(10_000));
    assert!(matches!(problem(&long_row), Problem::Syntax(_)));
    let row = format!("{{{{ 1{} }}}}", " + 1".repeat(200));
    assert_eq!(engine.render(&row, &context()).unwrap(), "201");
    let ifs = "{% if 1 %}".repeat(10_000);
    assert!(matches!(problem(&ifs), Problem::TooDeep { .. }));
    let not = format!("{{{{ {} 1 }}}}", "not ".repeat(10_000));
    assert!(matches!(problem(&not), Problem::TooDeep { .. }));
    let filters = format!("{{{{ 1{} }}}}", " | abs".repeat(10_000));
    assert!(matches!(problem(&filters), Problem::Syntax(_)));
    let pairs = "{% for a, b in x %}".repeat(30) + &"{% endfor %}".repeat(30);
    assert!(matches!(problem(&pairs), Problem::Syntax(_)));
}

#[test]
fn cookiecutter_templates_render_too() {
    let context = Context::new(&json!({"cookiecutter": {"name": "orders"}})).unwrap();
    let engine = backstage().with_syntax(Syntax::JINJA);
    let printed = engine.render(
        "{{cookiecutter.name}} {{ cookiecutter | jsonify }}",
        &context,
    );
    assert_eq!(printed.unwrap(), r#"orders {"name":"orders"}"#);
}

#[test]
fn contexts_are_objects() {
    let context = Context::new(&Json::Null).unwrap();
    assert_eq!(backstage().evaluate("${{ x }}", &context).unwrap(), None);
}
