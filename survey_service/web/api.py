"""The API for programs: open waves, their questionnaires, handing in."""

import json
from typing import Any

from flask import Blueprint, jsonify, make_response, request
from flask.wrappers import Response

from survey_service.i18n import LANGUAGES, Text, choose_language, pick
from survey_service.page.sheet import make_sheet, title_of
from survey_service.page.units import asks_unit
from survey_service.questionnaire import ROLES, Item, Option, Questionnaire, ResponseScale
from survey_service.service.collection import accept
from survey_service.wave import Wave
from survey_service.web.context import current_day, current_store, find_open_wave
from survey_service.web.delivery import deliver
from survey_service.web.limits import limit_failures
from survey_service.web.openapi import describe_submission
from survey_service.web.reading import Reading
from survey_service.web.rendering import keep
from survey_service.web.unsealing import read_submission

api = Blueprint("api", __name__, url_prefix="/api/v1")

_FRESH = "private, no-cache"


@api.get("/waves")
def list_waves() -> Response:
    """List the waves that take answers today."""
    today = current_day()
    waves = [wave for wave in current_store().waves() if wave.is_accepting(today)]
    return _reply({"waves": [_describe(wave) for wave in waves]})


@api.get("/waves/<wave:wave_id>")
def show_wave(wave_id: str) -> Response:
    """Describe one wave with the units and roles that it asks for."""
    wave = current_store().wave(wave_id)
    keys = wave.unit_keys or {} if asks_unit(wave) else {}
    units = [{"key": key, "path": path} for key, path in keys.items()]
    roles = list(ROLES) if asks_unit(wave) else []
    return _reply({**_describe(wave), "units": units, "roles": roles})


@api.get("/waves/<wave:wave_id>/questionnaire")
def show_questionnaire(wave_id: str) -> Response:
    """Give what is asked in one language: sections, items and scales, nothing about scoring."""
    wave, lang = find_open_wave(wave_id), choose_language(request.args.get("lang"))
    packed = keep(
        "questionnaire",
        wave,
        Reading(lang),
        lambda: json.dumps(_describe_questionnaire(wave, lang), ensure_ascii=False),
    )
    return deliver(packed, "application/json", _FRESH)


@api.get("/waves/<wave:wave_id>/schema")
def show_schema(wave_id: str) -> Response:
    """Give the JSON Schema of what this wave takes: its own questions, each with its codes."""
    wave = find_open_wave(wave_id)
    packed = keep(
        "schema",
        wave,
        Reading(),
        lambda: json.dumps(describe_submission(wave), ensure_ascii=False),
    )
    return deliver(packed, "application/schema+json", _FRESH)


@api.post("/waves/<wave:wave_id>/responses")
def submit_response(wave_id: str) -> Response:
    """Keep one submission: 201 with its receipt, 200 with the same receipt if it was kept before."""
    wave = find_open_wave(wave_id)
    data = read_submission(wave)
    with limit_failures(wave):
        receipt = accept(current_store(), wave, data, current_day())
    return make_response(jsonify(receipt=receipt.number), 201 if receipt.is_new else 200)


def _reply(body: dict[str, Any]) -> Response:
    """Return JSON with an ETag that stays the same however the reply is compressed."""
    response = jsonify(body)
    response.headers["Cache-Control"] = _FRESH
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _describe(wave: Wave) -> dict[str, Any]:
    return {
        "id": wave.id,
        "title": {lang: title_of(wave, lang) for lang in LANGUAGES},
        "state": wave.state(current_day()).value,
        "access": wave.access,
        "opens": None if wave.opens is None else wave.opens.isoformat(),
        "closes": None if wave.closes is None else wave.closes.isoformat(),
        "questionnaire": {"id": wave.questionnaire.id, "version": wave.questionnaire.version},
        "languages": list(wave.questionnaire.languages),
    }


def _describe_questionnaire(wave: Wave, lang: str) -> dict[str, Any]:
    questionnaire, sheet = wave.questionnaire, make_sheet(wave, lang)
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "lang": lang,
        "title": sheet.title,
        "opening": sheet.opening,
        "minutes": questionnaire.minutes,
        "scales": {key: _describe_scale(s, lang) for key, s in questionnaire.scales.items()},
        "sections": [
            {
                "name": part.heading,
                "items": [_describe_item(questionnaire, q.id, lang) for q in part.questions],
            }
            for part in sheet.parts
        ],
    }


def _describe_item(questionnaire: Questionnaire, item_id: str, lang: str) -> dict[str, Any]:
    item: Item = questionnaire.item(item_id)
    asked = {"id": item.id, "text": item.wording(lang)}
    if item.scale is not None:
        return {**asked, "scale": item.scale}
    return {**asked, "hint": _translate(item.hint, lang), "limit": item.limit}


def _describe_scale(scale: ResponseScale, lang: str) -> dict[str, Any]:
    apart = scale.not_applicable
    return {
        "stem": _translate(scale.stem, lang),
        "options": [_describe_option(option, lang) for option in scale.options],
        "not_applicable": None if apart is None else _describe_option(apart, lang),
    }


def _describe_option(option: Option, lang: str) -> dict[str, Any]:
    return {"code": option.code, "label": pick(option.label, lang)}


def _translate(text: Text | None, lang: str) -> str | None:
    return None if text is None else pick(text, lang)
