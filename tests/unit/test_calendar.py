"""Months as integers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import format_month, months, parse_month


def test_known_months():
    assert parse_month("2017-06") == 12 * 2017 + 5
    assert parse_month("2017-06-09") == parse_month(" 2017-06 ")
    assert format_month(12 * 2025) == "2025-01"
    assert parse_month("0000-01") == 0 and format_month(0) == "0000-01"


@given(st.integers(0, 12 * 10_000 - 1))
def test_a_month_comes_back_as_written(month):
    assert parse_month(format_month(month)) == month
    assert parse_month(format_month(month) + "-28") == month


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date_and_dates_keep_their_order(day):
    assert parse_month(day.isoformat()) == 12 * day.year + day.month - 1


@pytest.mark.parametrize("text", ["2016-02-29", "2000-02-29", "2015-12-31"])
def test_days_that_exist(text):
    assert format_month(parse_month(text)) == text[:7]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2017-13", "months run from 01 to 12"),
        ("2017-00", "months run from 01 to 12"),
        ("2015-02-29", "has 28 days"),
        ("1900-02-29", "has 28 days"),
        ("2015-04-31", "has 30 days"),
        ("2015-04-00", "has 30 days"),
        ("2017", "write a month such as 2017-06"),
        ("June 2017", "not a date"),
        ("2017-6", "not a date"),
        ("2017-06-09T00:00", "not a date"),
        ("", "not a date"),
        ("2017-06\n2018", "not a date"),
    ],
)
def test_what_is_not_a_date_is_refused_in_words(text, said):
    with pytest.raises(ValueError, match=said):
        parse_month(text)


def test_months_leave_out_the_stop_and_cross_the_year():
    assert months(parse_month("2017-11"), parse_month("2018-02")) == ["2017-11", "2017-12", "2018-01"]
    assert months(5, 5) == []


@pytest.mark.parametrize("text", ["²⁰¹⁵-⁰¹", "２０１５-０１", "٢٠١٥-٠١", "2015-0１", "2015-01\n-02"])
def test_digits_are_those_of_ascii(text):
    with pytest.raises(ValueError, match="is not a date"):
        parse_month(text)
