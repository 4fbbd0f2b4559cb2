"""The tables. Importing this package makes the shared metadata complete. No rules stand here."""

from caseapp.models.appointment import Appointment
from caseapp.models.audit_event import AuditEvent
from caseapp.models.base import Base, Instant, new_public_id
from caseapp.models.case_manager import CaseManager
from caseapp.models.client import Client, ClientTerm
from caseapp.models.client_service_line import ClientServiceLine
from caseapp.models.clinician import Clinician, ClinicianServiceLine
from caseapp.models.constraints import broken_constraint
from caseapp.models.coverage_gap import CoverageDigest, CoverageFinding, CoverageTold, CoverageTurn
from caseapp.models.engine import begin_write
from caseapp.models.enrollment import Enrollment
from caseapp.models.funding_source import FundingSource
from caseapp.models.hand_over import HandOverDraft, HandOverDraftLine
from caseapp.models.leave import Leave
from caseapp.models.payor import Payor
from caseapp.models.service_line import ServiceLine
from caseapp.models.taxonomy_code import TaxonomyCode

__all__ = [
    "Appointment",
    "AuditEvent",
    "Base",
    "CaseManager",
    "Client",
    "ClientServiceLine",
    "ClientTerm",
    "Clinician",
    "ClinicianServiceLine",
    "CoverageDigest",
    "CoverageFinding",
    "CoverageTold",
    "CoverageTurn",
    "Enrollment",
    "FundingSource",
    "HandOverDraft",
    "HandOverDraftLine",
    "Instant",
    "Leave",
    "Payor",
    "ServiceLine",
    "TaxonomyCode",
    "begin_write",
    "broken_constraint",
    "new_public_id",
]
