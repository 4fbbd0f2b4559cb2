"""A calendar date as the value of an option."""

from datetime import date

import click

from caseapp.domain.dates import parse_date


class Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return parse_date(value)
        except ValueError:
            self.fail(f"{value!r} is not a date from 1900 to 2100; write it like 2026-11-24.", param, ctx)
