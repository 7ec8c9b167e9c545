"""Hundreds of units: chosen on a page of their own, so that the questionnaire stays light for everybody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey_service.roster import Roster, Unit
from tests.web.conftest import Markup, Site, listen
from tests.web.walking import (
    ANSWERS,
    answer,
    find_overflow,
    hand_in,
    judge_accessibility,
    measure,
    path_of,
    press_on,
    tap,
)

pytestmark = pytest.mark.browser

OpenPhone = Callable[..., Page]
STAFF = {"manager": 12, "key_staff": 15, "frontline": 60}
WORDS = "采掘机运通选洗测防治水调度安监后勤保障生产技术供应物资经营管理党群工作地质"


def make_roster() -> Roster:
    """Return 20 mines of 25 units each, with names of twenty characters that compress badly."""
    units = []
    for mine in range(20):
        units.append(Unit(f"第{mine:02}矿", None, {}))
        for n in range(25):
            name = "".join(WORDS[(mine * 7 + n * k * 5 + k * k) % len(WORDS)] for k in range(15))
            units.append(Unit(f"第{mine:02}矿/{name}{mine:02}{n:02}队", f"第{mine:02}矿", STAFF))
    return Roster(tuple(units))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("many"), make_roster())
    with listen(made.app) as made.url:
        yield made


def test_every_page_is_within_its_budget(site: Site) -> None:
    wave = site.add_wave("full")
    client = site.app.test_client()
    paths = {
        "landing": f"/q/{wave.id}",
        "groups": f"/q/{wave.id}/units",
        "group": f"/q/{wave.id}/units?of=19",
        "found": f"/q/{wave.id}/units?part=队",
        "document": path_of(wave),
    }
    sizes, smallest = {}, {}
    for name, path in paths.items():
        reply = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert reply.status_code == 200
        sizes[name] = len(reply.data)
        smallest[name] = len(client.get(path, headers={"Accept-Encoding": "br"}).data)
        assert len(Markup(client.get(path).get_data(as_text=True)).elements) <= 1500
    assert max(sizes["landing"], sizes["groups"], sizes["group"], sizes["found"]) <= 8000
    assert sizes["document"] <= 14_000
    receipt = 1000
    assert sizes["landing"] + sizes["document"] + receipt <= 30_000
    # without a poster, the list comes on top: within the same budget as phones get it over https
    on_the_way = [smallest[name] for name in ("landing", "groups", "group", "document")]
    assert sum(on_the_way) + receipt <= 30_000


def test_with_a_poster_nothing_is_to_be_chosen(site: Site, open_phone: OpenPhone) -> None:
    wave = site.add_wave()
    key = list(wave.unit_keys or {})[333]
    page = open_phone()
    page.goto(f"{site.url}/q/{wave.id}#u={key}")
    page.get_by_role("link", name="开始作答").tap()
    expect(page.locator("#unit")).to_have_value(key)
    tap(page, "role", "manager")
    press_on(page)
    answer(page, ANSWERS)
    hand_in(page)
    (kept,) = site.store.responses(wave.id)
    assert kept.stratum == wave.stratum(key, "manager")


@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize("by", ["search", "steps"])
def test_without_a_poster_a_unit_is_found(
    site: Site, open_phone: OpenPhone, by: str, *, has_script: bool
) -> None:
    wave = site.add_wave()
    key, path = list((wave.unit_keys or {}).items())[333]
    name = path.rpartition("/")[2]
    page = open_phone(java_script_enabled=has_script)
    page.goto(f"{site.url}/q/{wave.id}#p=1")
    page.get_by_role("link", name="开始作答").tap()
    if by == "search":
        page.get_by_label("写单位名称").fill(name[-6:])
        page.get_by_role("button", name="查找").tap()
    else:
        page.get_by_role("link", name="第13矿").tap()
    page.get_by_role("button", name=name).tap()
    expect(page.locator("#unit")).to_have_value(key)
    tap(page, "role", "key_staff")
    if has_script:
        expect(page.locator('[value="shared"]')).to_be_checked() if by == "steps" else None
        press_on(page)
        answer(page, ANSWERS)
        hand_in(page)
    else:
        for item, code in ANSWERS.items():
            tap(page, item, code)
        page.get_by_role("button", name="下一步：检查").tap()
        page.get_by_role("button", name="提交问卷").tap()
        expect(page.locator(".receipt:visible")).to_be_visible()
    (kept,) = site.store.responses(wave.id)
    assert (kept.stratum, kept.answers) == (wave.stratum(key, "key_staff"), "4915")


def test_whoever_opens_the_questionnaire_directly_is_led_to_the_units(
    site: Site, open_phone: OpenPhone
) -> None:
    wave = site.add_wave()
    page = open_phone()
    page.goto(site.url + path_of(wave))
    tap(page, "role", "manager")
    press_on(page)
    page.get_by_role("link", name="请选择您的单位").tap()
    expect(page.locator("#unit")).to_be_focused()
    page.get_by_role("link", name="选择或更换单位").tap()
    page.get_by_role("link", name="第03矿").tap()
    page.locator("main form button.quiet").nth(4).tap()
    expect(page.locator("#unit")).to_have_value(list(wave.unit_keys or {})[79])
    assert site.store.responses(wave.id) == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_fits_every_phone_and_is_accessible(
    site: Any, open_phone: OpenPhone, lang: str
) -> None:
    wave = site.add_wave()
    page = open_phone(width=320, bypass_csp=True)
    for path in ("", "&of=3", "&part=队", "&part=xyz", "&size=larger&of=3"):
        page.goto(f"{site.url}/q/{wave.id}/units?lang={lang}{path}")
        assert find_overflow(page) == []
        assert all(min(size) >= 44 for size in measure(page, "main a, main button, main input"))
        judge_accessibility(page, path)


def test_odd_questions_find_nothing_and_break_nothing(site: Site) -> None:
    wave, coded = site.add_wave(), site.add_coded().wave
    client = site.app.test_client()
    for query in ("of=x", "of=-1", "of=99", "part=%00", "part=<script>", "part=" + "字" * 500):
        reply = client.get(f"/q/{wave.id}/units?{query}")
        assert reply.status_code == 200
        assert "<script>alert" not in reply.get_data(as_text=True)
    assert client.get(f"/q/{coded.id}/units").status_code == 404
    searched = client.get(f"/q/{wave.id}/units?part=队")
    assert searched.headers["Cache-Control"] == "no-store"
