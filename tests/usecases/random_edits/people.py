"""Random work on clients: who they are, what they receive, who pays, and their coming and going."""

from sqlalchemy import select

from caseapp.domain.client_entry import ClientEntry
from caseapp.domain.client_service_line_entry import ServiceLineEntry
from caseapp.domain.client_status_entry import DischargeEntry, ReadmissionEntry
from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.domain.payor import PRIORITIES
from caseapp.models import Client, ClientServiceLine, FundingSource, Payor, ServiceLine
from caseapp.usecases import client_intake, client_record, client_service_line, client_status, funding_source
from caseapp.usecases.client_status_act import StatusRequest
from tests.usecases.random_edits.hand import Hand

PEOPLE = (
    "take_in_client",
    "edit_client",
    "put_on_hold",
    "discharge",
    "readmit",
    "add_service_line",
    "edit_service_line",
    "remove_service_line",
    "add_funding_source",
    "edit_funding_source",
    "remove_funding_source",
)
"""What can be done, by the names of the methods that do it."""


class People(Hand):
    """What the intake and the Profile and Funding tabs of a client let somebody do."""

    def take_in_client(self) -> object:
        request = client_intake.IntakeRequest(
            person=self._person(),
            service_lines=tuple(self._line() for _ in range(self.random.randint(0, 3))),
            funding_sources=tuple(self._source() for _ in range(self.random.randint(0, 3))),
            form_token=self.token(),
        )
        return client_intake.take_in(*self.where, request)

    def edit_client(self) -> object:
        row = self.any(
            Client.public_id,
            Client.version,
            Client.number,
            Client.last_name,
            Client.first_name,
            Client.external_id,
        )
        request = client_record.SaveRequest(
            client=row.public_id,
            entry=self._person(row.number, row.last_name, row.first_name, row.external_id or ""),
            version=self.version(row.version),
            form_token=self.token(),
        )
        return client_record.save_client(*self.where, request)

    def _person(self, number: str = "", last: str = "", first: str = "", external: str = "") -> ClientEntry:
        return ClientEntry(
            number=self.number(number),
            last_name=self.text(last),
            first_name=self.text(first),
            preferred_name=self.maybe(self.text()),
            date_of_birth=self.maybe(self.day(5_000)),
            external_id=self.maybe(self.number(external)),
        )

    def put_on_hold(self) -> object:
        return client_status.hold(*self.where, self._status())

    def discharge(self) -> object:
        lines = list(self.session.scalars(select(ServiceLine.code)) if self.chance(2) else ())
        request = self._status()
        of = self.any(Client.id, public_id=request.client)
        received = self.session.scalars(
            select(ServiceLine.code)
            .join(ClientServiceLine, ClientServiceLine.service_line_id == ServiceLine.id)
            .where(ClientServiceLine.client_id == of)
        )
        entry = DischargeEntry(
            last_day=self.day(40),
            service_lines=(*lines, *(code for code in received if self.chance(8))),
            leave_sessions=self.chance(8),
            reason=self.note(),
        )
        return client_status.discharge(*self.where, request, entry)

    def readmit(self) -> object:
        entry = ReadmissionEntry(start_date=self.day(40), service_lines=self._lines(), reason=self.note())
        gone = self.chance(8)
        return client_status.readmit(*self.where, self._status(discharged=gone), entry)

    def _lines(self) -> tuple[str, ...]:
        return tuple(self.line() for _ in range(self.random.randint(0, 4)))

    def _status(self, *, discharged: bool = False) -> StatusRequest:
        of = {"status": self.random.choice(("discharged", "on_hold"))} if discharged else {}
        row, version = self.any(Client.public_id, Client.version, **of)
        return StatusRequest(
            client=row, version=self.version(version), form_token=self.token(), reason=self.note()
        )

    def add_service_line(self) -> object:
        request = client_service_line.SaveRequest(
            client=self.client(), entry=self._line(), form_token=self.token()
        )
        return client_service_line.save_service_line(*self.where, request)

    def edit_service_line(self) -> object:
        row = self.any(
            ClientServiceLine.client_id,
            ClientServiceLine.public_id,
            ClientServiceLine.version,
            ClientServiceLine.service_line_id,
            ClientServiceLine.start_date,
        )
        typed = self._line()
        entry = ServiceLineEntry(
            service_line=self.kept(self.any(ServiceLine.code, id=row.service_line_id), typed.service_line),
            start_date=self.kept(row.start_date, typed.start_date),
            end_date=typed.end_date,
        )
        request = client_service_line.SaveRequest(
            client=self.client(row.client_id),
            entry=entry,
            service_line=row.public_id,
            end_case_manager=self.chance(5),
            leave_sessions=self.chance(8),
            version=self.version(row.version),
            form_token=self.token(),
        )
        return client_service_line.save_service_line(*self.where, request)

    def remove_service_line(self) -> object:
        of, row, version = self.any(
            ClientServiceLine.client_id, ClientServiceLine.public_id, ClientServiceLine.version
        )
        return client_service_line.remove_service_line(
            *self.where, self.client(of), row, version=self.version(version), reason=self.note()
        )

    def _line(self) -> ServiceLineEntry:
        return ServiceLineEntry(
            service_line=self.of(self.line()), start_date=self.day(), end_date=self.maybe(self.day(400))
        )

    def add_funding_source(self) -> object:
        request = funding_source.SaveRequest(
            client=self.client(), entry=self._source(), form_token=self.token()
        )
        return funding_source.save_funding_source(*self.where, request)

    def edit_funding_source(self) -> object:
        of, row, version = self.any(FundingSource.client_id, FundingSource.public_id, FundingSource.version)
        request = funding_source.SaveRequest(
            client=self.client(of),
            entry=self._source(),
            funding_source=row,
            version=self.version(version),
            form_token=self.token(),
        )
        return funding_source.save_funding_source(*self.where, request)

    def remove_funding_source(self) -> object:
        of, row, version = self.any(FundingSource.client_id, FundingSource.public_id, FundingSource.version)
        return funding_source.remove_funding_source(
            *self.where, self.client(of), row, version=self.version(version), reason=self.note()
        )

    def _source(self) -> FundingEntry:
        return FundingEntry(
            payor=self.of(self.any(Payor.code)),
            priority=self.random.choice(PRIORITIES),
            start_date=self.day(),
            end_date=self.maybe(self.day(400)),
            member_id=self.maybe(self.text()),
            end_current=self.chance(7),
        )
