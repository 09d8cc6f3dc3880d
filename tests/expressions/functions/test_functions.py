"""Functions: data formats, stored values, secrets, rendering, chance."""

import re

import pytest

from common.errors import Forbidden, Unavailable
from expressions.engine import ExpressionEngine
from expressions.errors import ExpressionError

_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
_SCOPE = {"flow": {"id": "My Flow", "namespace": "company.team"}, "execution": {"id": "e1"}}
_OWN = "kestra:///company/team/my-flow/executions/e1/out.txt"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("fromJson('{\"a\": [1]}').a[0]", "1"), ("json(null) is null", "true"),
        ("fromIon('{a: [x, 1.5e0, 1.25, null, true]} 2')", '{"a":["x",1.5,1.25,null,true]}'),
        ("yaml('a: yes\nb: 012\nc: 2024-01-01\nd: ~\n1: z')",
         '{"a":"yes","b":10,"c":"2024-01-01","1":"z"}'),
        ("max(1, 2.5)", "2.5"), ("min(3, 1, 2)", "1"), ("randomInt(3, 3)", "3"),
        ("kv('limits').max", "5"), ("kv('x', 'other')", "1"), ("kv('nope').y ?? 'd'", "d"),
        ("secret('TOKEN')", "s3cr3t-value"), ("read('hello.txt')", "hi\n"),
        ("read(own)", "12345é"), ("fileSize(own)", "7"), ("errorLogs()[0].taskId", "boom"),
        ("fileURI('/a/b.txt')", "kestra:///company/team/_files/a/b.txt"),
        ("printContext().own | length", "52"),
        (f"decrypt('{_KEY}', encrypt('{_KEY}', 'é'))", "é"),
    ],
)  # fmt: skip
def test_the_function_gives(render, services, expression, expected):
    assert render(f"{{{{ {expression} }}}}", services, own=_OWN, **_SCOPE) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "fromJson('{')", "fromJson('NaN')", "fromJson({})", "fromIon('{a: ')", "fromIon('')",
        "yaml(null)", "yaml('!!python/object:os.system x')", "yaml('[')", "max(1, 'a')",
        "randomInt(5, 4)", "randomInt('a', 4)", "kv()", "kv('nope', errorOnMissing=true)",
        "secret('NOPE')", "read()", "read('absent')", "read('../x')", "read('file:///etc/passwd')",
        "fileSize('hello.txt')", "fileURI('../x')", "encrypt('toto')", "encrypt('k', 'x')",
        "decrypt('" + _KEY + "', 'AAAA')", "render(5)", "render('x', recursive='no')",
        "currentEachOutput('x')", "uuid(1)", "now('yyyy', zone='UTC')",
    ],
)  # fmt: skip
def test_the_function_fails(render, services, expression):
    with pytest.raises(ExpressionError):
        render(f"{{{{ {expression} }}}}", services, **_SCOPE)


def test_without_services_nothing_stored_is_reached(render):
    for call in ("kv('a')", "secret('a')", "read('a')", "errorLogs()"):
        with pytest.raises(ExpressionError, match="cannot be read here"):
            render(f"{{{{ {call} }}}}", **_SCOPE)


def test_what_services_refuse_fails_the_expression_and_an_outage_stays_one(render, services):
    def refuse(key: str, namespace: str | None) -> str:
        raise Forbidden("not your namespace") if namespace else Unavailable("the store is down")

    services.kv = refuse

    with pytest.raises(ExpressionError, match="not your namespace"):
        render("{{ kv('a', 'other') }}", services)
    with pytest.raises(Unavailable):
        render("{{ kv('a') }}", services)


@pytest.mark.parametrize("path", ["other-flow/executions/e1/x", "my-flow/executions/e2/x"])
def test_a_file_of_another_execution_is_refused_even_when_flow_is_shadowed(render, services, path):
    uri = f"kestra:///company/team/{path}"
    shadow = "{% set flow = {'id': 'other-flow', 'namespace': 'company.team'} %}"

    with pytest.raises(ExpressionError, match="does not belong"):
        render(shadow + "{{ read(uri) }}", services, uri=uri, **_SCOPE)


def test_ids_have_their_shapes(render):
    uuid, short = render("{{ uuid() }} {{ id() }}").split()

    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uuid
    )
    assert re.fullmatch(r"[0-9A-Za-z]{20,22}", short)


def test_tampered_text_is_not_decrypted(render):
    sealed = render(f"{{{{ encrypt('{_KEY}', 'x') }}}}")
    changed = ("B" if sealed[0] == "A" else "A") + sealed[1:]

    with pytest.raises(ExpressionError, match="changed"):
        render(f"{{{{ decrypt('{_KEY}', c) }}}}", c=changed)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ third }}", "{{ second }}"),
        ("{{ render(third) }}", "1"),
        ("{{ render(third, recursive=false) }}", "{{ first }}"),
        ("{{ render({third: [third, 2]}) }}", '{"1":["1",2]}'),
        ("{% set first = 9 %}{{ render(third) }}{{ first }}", "99"),
        ("{{ render('{% set first = 9 %}{{ first }}') }}{{ first }}", "91"),
        ("{{ render('{% raw %}{{ a }}{% endraw %}{{ second }}') }}", "{{ a }}1"),
        ("{{ render(null) is null }}", "true"),
    ],
)
def test_render_goes_on_until_nothing_changes(render, template, expected):
    scope = {"first": "1", "second": "{{ first }}", "third": "{{ second }}"}

    assert render(template, **scope) == expected


def test_a_recursive_engine_renders_everything_and_has_no_render():
    engine = ExpressionEngine(recursive=True)
    scope = {"a": "{{ b }}", "b": "x{% raw %}{{ q }}{% endraw %}"}

    assert engine.render("{{ a }}", scope) == "x{{ q }}"
    with pytest.raises(ExpressionError, match="render"):
        engine.render("{{ render(a) }}", scope)


def test_outputs_are_narrowed_by_all_loop_items(render):
    scope = {
        "outputs": {"t": {"outer": {"inner": {"v": 1}}}},
        "parents": [{"taskrun": {"value": "outer"}}],
        "taskrun": {"value": "inner"},
    }

    assert render("{{ currentEachOutput(outputs.t).v }}", **scope) == "1"


def test_a_secret_and_what_is_made_of_it_are_masked(render, services):
    rendered = render(
        "{{ secret('TOKEN') | upper | base64encode }}{{ 'Bearer ' ~ secret('TOKEN') }}"
        "{{ secret('TOKEN') | split('-') }}{{ 'harmless' | upper }}",
        services,
    )

    assert rendered
    assert {
        "s3cr3t-value", "S3CR3T-VALUE", "UzNDUjNULVZBTFVF", "Bearer s3cr3t-value", "s3cr3t",
        "value",
    } <= services.masked  # fmt: skip
    assert "HARMLESS" not in services.masked


def test_secrets_of_the_scope_are_followed_when_the_services_know_them(render, services):
    services.known_secrets = lambda: {"in-the-scope"}

    render("{{ inputs.password | base64encode }}", services, inputs={"password": "in-the-scope"})

    assert services.masked == {"aW4tdGhlLXNjb3Bl"}
