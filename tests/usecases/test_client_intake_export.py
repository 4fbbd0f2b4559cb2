"""Whatever the intake takes can be exported, imported elsewhere, and exported again byte for byte."""

import json
from pathlib import Path

from sqlalchemy.orm import Session

from caseapp.domain.client_entry import ClientEntry
from caseapp.domain.client_service_line_entry import ServiceLineEntry
from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.usecases.client_intake import IntakeRequest, take_in
from caseapp.usecases.outcome import Saved
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.practice_files import contents
from tests.usecases.importing import bring_in, emptied, told, write_out
from tests.usecases.save_desk import ANN, PRACTICE, a_desk

NAUGHTY = Path(__file__).parents[1] / "data" / "text" / "naughty_strings.json"


@ONE_DATABASE
def test_every_text_that_is_taken_comes_back(session: Session, tmp_path: Path) -> None:
    desk = a_desk(session)
    taken = 0
    for place, text in enumerate(json.loads(NAUGHTY.read_text(encoding="utf-8"))):
        request = IntakeRequest(
            person=ClientEntry(
                number=f"C-{place}", last_name=text, first_name=f"a{text}", preferred_name=text
            ),
            service_lines=(ServiceLineEntry(service_line="ABA", start_date="2026-11-01"),),
            funding_sources=(
                FundingEntry(
                    payor=desk.aetna.key, priority="primary", start_date="2026-11-01", member_id=text
                ),
            ),
        )
        taken += isinstance(take_in(session, ANN, NOW, PRACTICE, request), Saved)

    first = write_out(session, tmp_path / "first")
    assert told(bring_in(emptied(session), first)) == []
    assert contents(write_out(session, tmp_path / "second")) == contents(first)
    assert taken > 300
