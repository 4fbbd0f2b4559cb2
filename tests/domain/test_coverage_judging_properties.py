"""What must hold of the gaps of any client, whatever its facts."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_judging import HIDDEN_BY, coverage_gaps
from caseapp.domain.coverage_turn import next_turn
from caseapp.domain.dates import ONE_DAY, day_of
from caseapp.domain.interim_return import findings as kept_findings
from caseapp.domain.npi import npi_is_valid
from caseapp.domain.payor import Payor, must_be_enrolled
from caseapp.domain.practice import Practice
from tests.domain.strategies import LINES, WORLD, days, facts, in_another_order

PRACTICE = Practice(ZoneInfo("America/New_York"))
FAR = 400
"""So many days after any that a client's facts name."""


def findings(client: ClientFacts, on: date, practice: Practice) -> list[Gap]:
    return kept_findings(client, CoverageDay(on, practice))


def turn(client: ClientFacts, on: date) -> date | None:
    return next_turn(client, CoverageDay(on, PRACTICE))


@settings(max_examples=150)
@given(facts(), days(200))
def test_until_the_next_turn_the_gaps_stay_as_they_are_to_the_last_word(
    client: ClientFacts, on: date
) -> None:
    gaps, until = findings(client, on, PRACTICE), turn(client, on)
    assert until is None or until > on
    kept_for = (until - on).days if until else FAR
    for n in range(1, kept_for):
        assert findings(client, on + timedelta(days=n), PRACTICE) == gaps
    if until is None:
        for years in (10, 50):
            assert findings(client, on.replace(year=on.year + years, day=1), PRACTICE) == gaps


@given(facts(), days(200), st.data())
def test_the_order_of_the_facts_makes_no_difference(
    client: ClientFacts, on: date, data: st.DataObject
) -> None:
    other = data.draw(in_another_order(client))
    assert findings(other, on, PRACTICE) == findings(client, on, PRACTICE)
    assert turn(other, on) == turn(client, on)


@given(facts(), days(200))
def test_a_line_has_each_code_once_and_no_warning_beside_the_error_of_its_cause(
    client: ClientFacts, on: date
) -> None:
    gaps = coverage_gaps(client, on, PRACTICE)
    told = [(gap.service_line, gap.code) for gap in gaps]
    assert len(told) == len(set(told))
    for warning, error in HIDDEN_BY.items():
        assert not {line for line, code in told if code == warning} & {
            line for line, code in told if code == error
        }


@given(facts(), days(200))
def test_gaps_are_in_the_order_of_the_page(client: ClientFacts, on: date) -> None:
    gaps = coverage_gaps(client, on, PRACTICE)
    by_the_page = [
        (gap.severity != "error", (gap.mend_by is None, gap.mend_by or WORLD), -gap.at_risk, gap.service_line)
        for gap in gaps
    ]
    assert by_the_page == sorted(by_the_page)


@given(facts(), days(200))
def test_only_errors_put_sessions_at_risk_and_at_most_those_of_fourteen_days(
    client: ClientFacts, on: date
) -> None:
    coming = [
        appointment
        for appointment in client.appointments
        if appointment.counted
        and on <= day_of(appointment.starts_at, PRACTICE.zone) <= on + timedelta(days=14)
    ]
    for gap in coverage_gaps(client, on, PRACTICE):
        own = [appointment for appointment in coming if appointment.service_line == gap.service_line]
        assert 0 <= gap.at_risk <= len(own)
        if gap.severity == "warning":
            assert gap.at_risk == 0
        else:
            assert (gap.mend_by is None) == (gap.at_risk == 0)


@given(facts(), days(200))
def test_a_client_who_is_not_active_has_gaps_only_where_a_session_stands(
    client: ClientFacts, on: date
) -> None:
    with_session = {
        appointment.service_line
        for appointment in client.appointments
        if appointment.counted
        and on <= day_of(appointment.starts_at, PRACTICE.zone) <= on + timedelta(days=14)
    }
    if client.status != "active":
        assert {gap.service_line for gap in coverage_gaps(client, on, PRACTICE)} <= with_session


class Naive:
    """docs/domain.md read aloud, day by day and without haste, for one line of a client asked on a day."""

    def __init__(self, client: ClientFacts, line: str, on: date) -> None:
        self.client, self.line, self.on = client, line, on
        self.coming = [
            appointment
            for appointment in client.appointments
            if appointment.service_line == line
            and appointment.counted
            and on <= day_of(appointment.starts_at, PRACTICE.zone) <= on + timedelta(days=14)
        ]

    def is_asked(self) -> bool:
        fortnight = [self.on + timedelta(days=n) for n in range(15)]
        open_soon = any(self.is_open(day) for day in fortnight)
        return bool(self.coming) or (self.client.status == "active" and open_soon)

    def is_open(self, day: date) -> bool:
        return any(line.service_line == self.line and line.holds(day) for line in self.client.service_lines)

    def case_manager(self, day: date) -> CaseManager | None:
        found = [cm for cm in self.client.case_managers if cm.service_line == self.line and cm.holds(day)]
        return found[0] if found else None

    def primary(self, day: date) -> Payor | None:
        found = [s.payor for s in self.client.funding_sources if s.priority == "primary" and s.holds(day)]
        return found[0] if found else None

    def enrolled(self, clinician: Clinician, payor: Payor, day: date) -> bool:
        return not must_be_enrolled(payor) or any(
            e.payor == payor.code
            and e.status in ("approved", "terminated")
            and e.start is not None
            and e.start <= day
            and (e.end is None or e.end >= day)
            for e in clinician.enrollments
        )

    def errors_of_a_point(self, day: date) -> set[str]:
        if not self.is_open(day):
            return {"service_line_not_open"}
        payor, cm = self.primary(day), self.case_manager(day)
        errors = {"no_primary_payor"} if payor is None else set()
        if cm is None:
            return errors | {"no_case_manager"}
        if not cm.clinician.is_active_on(day):
            errors.add("clinician_inactive")
        if payor and payor.type == "insurance" and not npi_is_valid(cm.clinician.npi):
            errors.add("npi_missing")
        if payor and not self.enrolled(cm.clinician, payor, day):
            errors.add("not_enrolled")
        return errors

    def errors(self) -> Counter[str]:
        """The codes of the points with their sessions at risk; `starts_too_late` is left out."""
        found: Counter[str] = Counter()
        if self.is_open(self.on):
            found.update(dict.fromkeys(self.errors_of_a_point(self.on), 0))
        for appointment in self.coming:
            found.update(self.errors_of_a_point(day_of(appointment.starts_at, PRACTICE.zone)))
        return found

    def warnings(self) -> dict[str, date | None]:
        """`code: the last good day` of the warnings that look ahead, where no error hides them."""
        standing = self.errors()
        ahead = [self.on + timedelta(days=n) for n in range(61)]
        cm, payor = self.case_manager(self.on), self.primary(self.on)
        found: dict[str, date | None] = {}
        last = next((day for day in ahead if self.case_manager(day + ONE_DAY) is None), None)
        if cm and last and self.is_open(last + ONE_DAY) and "no_case_manager" not in standing:
            found["case_manager_ends"] = last
        if cm and payor and must_be_enrolled(payor) and self.enrolled(cm.clinician, payor, self.on):
            last = next((d for d in ahead if not self.enrolled(cm.clinician, payor, d + ONE_DAY)), None)
            if last and self.is_still(cm, last + ONE_DAY) and self.primary(last + ONE_DAY) == payor:
                found["enrollment_ends"] = last
        last = cm.clinician.active_to if cm else None
        if cm and last in ahead and self.is_still(cm, last + ONE_DAY):
            found["clinician_leaves"] = last
        for day in ahead[1:]:
            begins, its_cm = self.primary(day), self.case_manager(day)
            if begins is None or begins == self.primary(day - ONE_DAY) or its_cm is None:
                continue
            if not self.enrolled(its_cm.clinician, begins, day):
                found["payor_changes"] = day - ONE_DAY
                break
        return {code: day for code, day in found.items() if HIDDEN_BY[code] not in standing}

    def is_still(self, cm: CaseManager, day: date) -> bool:
        after = self.case_manager(day)
        return after is not None and after.clinician.number == cm.clinician.number


@given(facts(), days(200))
def test_errors_and_sessions_at_risk_are_those_of_a_reading_day_by_day(client: ClientFacts, on: date) -> None:
    gaps = coverage_gaps(client, on, PRACTICE)
    for line in LINES:
        naive = Naive(client, line, on)
        told = {
            gap.code: gap.at_risk
            for gap in gaps
            if gap.service_line == line and gap.severity == "error" and gap.code != "starts_too_late"
        }
        assert told == (dict(naive.errors()) if naive.is_asked() else {})


@given(facts(), days(200))
def test_warnings_and_their_last_good_days_are_those_of_a_reading_day_by_day(
    client: ClientFacts, on: date
) -> None:
    gaps = coverage_gaps(client, on, PRACTICE)
    for line in LINES:
        naive = Naive(client, line, on)
        told = {gap.code: gap.mend_by for gap in gaps if gap.service_line == line and gap.code in HIDDEN_BY}
        assert told == (naive.warnings() if naive.is_asked() else {})
