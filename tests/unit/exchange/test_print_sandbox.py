"""A print template can say the facts and nothing else: what it may not do is refused with line and cause."""

from __future__ import annotations

import time

import pytest

from erpdesk.exchange.printing import sandbox
from erpdesk.exchange.printing.sample import samples
from erpdesk.exchange.printing.sandbox import TemplateRefused, check, rendered, shipped_sources

FACTS = {"party": {"name": "<script>alert(1)</script>"}, "rows": [{"n": "1"}, {"n": "2"}], "total": "5"}


def refused(source: str) -> str:
    with pytest.raises(TemplateRefused) as caught:
        check(source, [FACTS])
    assert caught.value.code == "RPT-007"
    return caught.value.message


def test_facts_are_escaped() -> None:
    page = rendered("<p>{{ party.name }}</p>", FACTS)
    assert page == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_loops_conditions_and_texts_work() -> None:
    source = ("{% for row in rows %}{% if loop.first %}!{% endif %}{{ row.n }}{% endfor %}"
              "{{ say('Total') }}{{ rows[1].n }}")
    assert rendered(source, FACTS, lambda text: text.upper()) == "!12TOTAL2"


@pytest.mark.parametrize("source", [
    "{{ party.__class__.__mro__ }}", "{{ ''.__class__ }}", "{{ party['__class__'] }}", "{{ party.items() }}",
    "{{ rows.append(1) }}", "{{ say.__globals__ }}", "{{ self.__init__ }}", "{{ party|attr('__class__') }}",
    "{{ party.name.format(party) }}", "{{ cycler.__init__.__globals__ }}", "{{ lipsum() }}", "{{ range(9) }}",
    "{{ rows|map(attribute='__class__')|list }}", "{{ config }}", "{% import 'page' as p %}",
    "{% include '/etc/passwd' %}", "{% include party.name %}", "{% extends '../secret' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% for x in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "{{ total * 9 }}", "{{ total ** 9 }}", "{{ total ~ total }}", "{{ [total, total] }}", "{{ party.name|safe }}",
    "{% autoescape false %}{{ party.name }}{% endautoescape %}", "{% set a %}{{ total }}{% endset %}",
    "{{ say.func_globals }}", "{% do rows %}", "{{ loop.__class__ }}", "{{ namespace(a=1) }}", "{{ _private }}",
])
def test_what_reaches_beyond_the_facts_is_refused(source: str) -> None:
    assert refused(source)


def test_every_refusal_names_its_line() -> None:
    assert refused("\n\n{{ party.nmae }}").startswith("Line 3: ")
    assert refused("<p>\n{% for %}").startswith("Line 2: ")
    assert refused("\n<img src='http://x/y.png'>").startswith("Line 2: a picture is part of the template")
    assert refused("\n\n\n{{ total * 2 }}").startswith("Line 4: ")


@pytest.mark.parametrize("source", [
    "<script>x</script>", "<img src='file:///etc/passwd'>", "<link rel=stylesheet>", "<td background='x.png'>",
    "<style>td { background: url(x.png) }</style>", "<a href='http://x'>x</a>", "<style>@import 'x'</style>",
    "<iframe></iframe>", "<img src = https://x>"])
def test_what_would_load_something_is_refused(source: str) -> None:
    assert refused(source)


def test_a_picture_of_its_own_is_accepted() -> None:
    check("<img src='data:image/png;base64,iVBORw0KGgo='>", [FACTS])


def test_a_tag_put_together_from_facts_is_seen_on_the_page() -> None:
    assert "loads nothing" in refused("<p style=\"background: u{{ 'rl(x.png)' }}\">")


def test_loops_in_loops_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAXIMUM_TURNS", 20_000)
    facts = {"rows": ["x"] * 1000}
    began = time.monotonic()
    nested = "{% for a in rows %}" * 6 + "x" + "{% endfor %}" * 6
    with pytest.raises(TemplateRefused, match="turn too often"):
        rendered(nested, facts)
    assert time.monotonic() - began < 5
    with pytest.raises(TemplateRefused, match="turn too often"):
        rendered("{% for a in rows %}" * 6 + "{% endfor %}" * 6, facts)


def test_a_page_is_not_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAXIMUM_OUTPUT", 1000)
    with pytest.raises(TemplateRefused, match="too long"):
        rendered("{% for a in rows %}" + "x" * 300 + "{% endfor %}", {"rows": "abcdefgh"})


def test_a_template_of_brackets_without_end_is_refused() -> None:
    assert refused("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}")
    assert refused("x" * 200_000)


@pytest.mark.parametrize("code", sorted(set(shipped_sources()) - {"page", "report"}))
def test_every_shipped_template_prints_every_sample(code: str) -> None:
    check(shipped_sources()[code], samples())
