"""Random work on clients: who they are, what they receive, who pays, and their coming and going."""

from sqlalchemy import select

from caseapp.domain.client_entry import ClientEntry
from caseapp.domain.client_service_line_entry import ServiceLineEntry
from caseapp.domain.client_status_entry import DischargeEntry, ReadmissionEntry
from caseapp.domain.funding_source_entry import FundingEntry
from caseapp.domain.payor import PRIORITIES
from caseapp.models import Client, ClientServiceLine, FundingSource, Payor, ServiceLine
from caseapp.usecases import client_intake, client_record, client_service_line, client_status, funding_source
from tests.usecases.random_edits.hand import Hand, Things


class People:
    """What the intake and the Profile and Funding tabs of a client let somebody do."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    @property
    def things(self) -> Things:
        return {
            "take in a client": self.take_in,
            "edit a client": self.edit,
            "put a client on hold": self.hold,
            "discharge a client": self.discharge,
            "readmit a client": self.readmit,
            "add a client's service line": self.add_service_line,
            "edit a client's service line": self.edit_service_line,
            "remove a client's service line": self.remove_service_line,
            "add a funding source": self.add_funding_source,
            "edit a funding source": self.edit_funding_source,
            "remove a funding source": self.remove_funding_source,
        }

    def take_in(self) -> object:
        hand = self.hand
        request = client_intake.IntakeRequest(
            person=self._person(),
            service_lines=tuple(self._line() for _ in range(hand.random.randint(0, 3))),
            funding_sources=tuple(self._source() for _ in range(hand.random.randint(0, 3))),
            form_token=hand.token(),
        )
        return client_intake.take_in(*hand.where, request)

    def edit(self) -> object:
        hand = self.hand
        row = hand.any(
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
            version=hand.version(row.version),
            form_token=hand.token(),
        )
        return client_record.save_client(*hand.where, request)

    def _person(self, number: str = "", last: str = "", first: str = "", external: str = "") -> ClientEntry:
        hand = self.hand
        return ClientEntry(
            number=hand.number(number),
            last_name=hand.text(last),
            first_name=hand.text(first),
            preferred_name=hand.maybe(hand.text()),
            date_of_birth=hand.maybe(hand.day(5_000)),
            external_id=hand.maybe(hand.number(external)),
        )

    def hold(self) -> object:
        return client_status.hold(*self.hand.where, self._status())

    def discharge(self) -> object:
        hand = self.hand
        lines = hand.session.scalars(select(ServiceLine.code)) if hand.chance(2) else []
        request = self._status()
        of = hand.any(Client.id, public_id=request.client)
        received = hand.session.scalars(
            select(ServiceLine.code)
            .join(ClientServiceLine, ClientServiceLine.service_line_id == ServiceLine.id)
            .where(ClientServiceLine.client_id == of)
        )
        entry = DischargeEntry(
            last_day=hand.day(40),
            service_lines=(*lines, *(code for code in received if hand.chance(8))),
            leave_sessions=hand.chance(8),
            reason=hand.note(),
        )
        return client_status.discharge(*hand.where, request, entry)

    def readmit(self) -> object:
        hand = self.hand
        entry = ReadmissionEntry(start_date=hand.day(40), service_lines=self._lines(), reason=hand.note())
        gone = hand.chance(8)
        return client_status.readmit(*hand.where, self._status(discharged=gone), entry)

    def _lines(self) -> tuple[str, ...]:
        return tuple(self.hand.line() for _ in range(self.hand.random.randint(0, 4)))

    def _status(self, *, discharged: bool = False) -> client_status.StatusRequest:
        hand = self.hand
        of = {"status": hand.random.choice(("discharged", "on_hold"))} if discharged else {}
        row, version = hand.any(Client.public_id, Client.version, **of)
        return client_status.StatusRequest(
            client=row, version=hand.version(version), form_token=hand.token(), reason=hand.note()
        )

    def add_service_line(self) -> object:
        hand = self.hand
        request = client_service_line.SaveRequest(
            client=hand.client(), entry=self._line(), form_token=hand.token()
        )
        return client_service_line.save_service_line(*hand.where, request)

    def edit_service_line(self) -> object:
        hand = self.hand
        row = hand.any(
            ClientServiceLine.client_id,
            ClientServiceLine.public_id,
            ClientServiceLine.version,
            ClientServiceLine.service_line_id,
            ClientServiceLine.start_date,
        )
        typed = self._line()
        entry = ServiceLineEntry(
            service_line=hand.kept(hand.any(ServiceLine.code, id=row.service_line_id), typed.service_line),
            start_date=hand.kept(row.start_date, typed.start_date),
            end_date=typed.end_date,
        )
        request = client_service_line.SaveRequest(
            client=hand.client(row.client_id),
            entry=entry,
            service_line=row.public_id,
            end_case_manager=hand.chance(5),
            leave_sessions=hand.chance(8),
            version=hand.version(row.version),
            form_token=hand.token(),
        )
        return client_service_line.save_service_line(*hand.where, request)

    def remove_service_line(self) -> object:
        hand = self.hand
        of, row, version = hand.any(
            ClientServiceLine.client_id, ClientServiceLine.public_id, ClientServiceLine.version
        )
        return client_service_line.remove_service_line(
            *hand.where, hand.client(of), row, version=hand.version(version), reason=hand.note()
        )

    def _line(self) -> ServiceLineEntry:
        hand = self.hand
        return ServiceLineEntry(
            service_line=hand.of(hand.line()), start_date=hand.day(), end_date=hand.maybe(hand.day(400))
        )

    def add_funding_source(self) -> object:
        hand = self.hand
        request = funding_source.SaveRequest(
            client=hand.client(), entry=self._source(), form_token=hand.token()
        )
        return funding_source.save_funding_source(*hand.where, request)

    def edit_funding_source(self) -> object:
        hand = self.hand
        of, row, version = hand.any(FundingSource.client_id, FundingSource.public_id, FundingSource.version)
        request = funding_source.SaveRequest(
            client=hand.client(of),
            entry=self._source(),
            funding_source=row,
            version=hand.version(version),
            form_token=hand.token(),
        )
        return funding_source.save_funding_source(*hand.where, request)

    def remove_funding_source(self) -> object:
        hand = self.hand
        of, row, version = hand.any(FundingSource.client_id, FundingSource.public_id, FundingSource.version)
        return funding_source.remove_funding_source(
            *hand.where, hand.client(of), row, version=hand.version(version), reason=hand.note()
        )

    def _source(self) -> FundingEntry:
        hand = self.hand
        return FundingEntry(
            payor=hand.of(hand.any(Payor.code)),
            priority=hand.random.choice(PRIORITIES),
            start_date=hand.day(),
            end_date=hand.maybe(hand.day(400)),
            member_id=hand.maybe(hand.text()),
            end_current=hand.chance(7),
        )
