import pytest

from survey_service.answers import tabulate
from survey_service.questionnaire import Questionnaire
from survey_service.response import Response


def test_responses_become_columns(small: Questionnaire) -> None:
    responses = [
        Response("s002", "ok", "45214"),
        Response("s001", "unknown", "1-239"),
        Response("s002", "under_1s", "-----"),
    ]
    table = tabulate(responses, small)
    assert len(table) == 3
    assert table.strata == ("s001", "s002")
    assert table.stratum.tolist() == [1, 0, 1]
    assert table.pace.tolist() == [3, 0, 1]
    assert table.codes.tolist() == [[4, 5, 2, 1, 4], [1, -1, 2, 3, 9], [-1] * 5]
    assert table.count_by_stratum() == {"s001": 1, "s002": 2}
    assert [str(x.dtype) for x in (table.stratum, table.pace, table.codes)] == [
        "int32",
        "int8",
        "int8",
    ]


def test_sorting_keeps_rows_together(small: Questionnaire) -> None:
    responses = [
        Response("b", "ok", "11111"),
        Response("a", "unknown", "22222"),
        Response("b", "under_2s", "33333"),
    ]
    table = tabulate(responses, small).sorted()
    rows = zip(table.stratum, table.pace, table.codes[:, 0], strict=True)
    assert [tuple(map(int, row)) for row in rows] == [(0, 0, 2), (1, 3, 1), (1, 2, 3)]


def test_nobody_has_answered(small: Questionnaire) -> None:
    table = tabulate([], small)
    assert (len(table), table.strata, table.codes.shape) == (0, (), (0, 5))
    assert table.count_by_stratum() == {}


def test_a_response_of_another_questionnaire_is_refused(small: Questionnaire) -> None:
    with pytest.raises(ValueError, match="symbols"):
        tabulate([Response("a", "ok", "123456")], small)
