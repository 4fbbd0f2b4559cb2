from datetime import date
from typing import cast

from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session

from caseapp.models import Leave
from caseapp.models.among import Among
from tests import builders
from tests.databases import ONE_DATABASE
from tests.statements import counted

LEAVES = cast(Table, Leave.__table__)
SOME = select(LEAVES.c.start_date).where(Among(LEAVES.c.id, "ids")).order_by(LEAVES.c.id)


def test_a_column_is_among_the_ids_that_are_given(session: Session) -> None:
    mei = builders.a_clinician(session)
    days = [date(2026, 1, day) for day in (1, 2, 3)]
    one, two, three = (builders.a_leave(session, mei, start_date=day).id for day in days)
    for ids, places in (
        ([], []),
        ([two], [1]),
        ([three, one, three + 9, one], [0, 2]),
        ({two, three}, [1, 2]),
    ):
        assert list(session.execute(SOME, {"ids": ids}).scalars()) == [days[place] for place in places]


@ONE_DATABASE
def test_an_index_serves_it(session: Session) -> None:
    connection = session.connection()
    statement = SOME.compile(dialect=connection.dialect)
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("[1]",))
    assert any("SEARCH leave USING" in row.detail for row in plan)


def test_the_statement_is_the_same_for_any_number_of_ids(session: Session, engine: Engine) -> None:
    with counted(engine) as sent:
        session.execute(SOME, {"ids": [1]})
        session.execute(SOME, {"ids": range(1, 1000)})
    assert len(set(sent)) == 1
