"""Making our script and stylesheet small changes nothing of what they do."""

import pytest

from survey_service.page.minifying import minify_script, minify_style


@pytest.mark.parametrize(
    ("source", "small"),
    [
        (
            'const total = (number) => number + 1; // adds\nlog("total", total(2));',
            'let b=a=>a+1;log("total",b(2));',
        ),
        (
            'const url = "https://x.test//a"; /* why */ use(url);',
            'let a="https://x.test//a";use(a);',
        ),
        ("const half = whole / 2 / parts;", "let a=whole/2/parts;"),
        ('const found = text.match(/[/"]+ x/g);', 'let a=text.match(/[/"]+ x/g);'),
        ("const size = box.size; use(size);", "let size=box.size;use(size);"),
        ("const key = 1; make({ key: key });", "let key=1;make({key:key});"),
        ("let one = 1; one = one + +one - -one;", "let a=1;a=a+ +a- -a;"),
        ("try { go(); } catch (fault) { stop(fault); }", "try{go()}catch(a){stop(a)}"),
        ("const [first, second] = pair;", "let[a,b]=pair;"),
    ],
)
def test_scripts(source: str, small: str) -> None:
    assert minify_script(source) == small


def test_names_that_never_meet_share_a_short_one() -> None:
    source = "const one = (left) => left;\nconst two = (right) => right;\n"
    assert minify_script(source) == "let b=a=>a;let c=a=>a;"


def test_a_short_name_never_stands_for_two_things_in_one_place() -> None:
    source = "const sum = 1;\nconst add = (number) => sum + number;\nuse(add, sum, a);\n"
    small = minify_script(source)
    assert "=>" in small
    left, right = small.split("=>")[1].split(";")[0].split("+")
    assert left != right
    assert "a" not in {left, right}


def test_styles() -> None:
    source = 'a  > b,\n.c { color: red; content: "";  /* why */ }\n@media (min-width: 19em) { a { top: 0; } }'
    assert minify_style(source) == 'a>b,.c{color:red;content:""}@media (min-width:19em){a{top:0}}'
