"""The tables. Importing this package makes the shared metadata complete. No rules stand here."""

from caseapp.models.access_event import AccessEvent
from caseapp.models.api_token import ApiToken
from caseapp.models.appointment import Appointment
from caseapp.models.audit_event import AuditEvent
from caseapp.models.audit_seal import AuditArchive, AuditSeal
from caseapp.models.base import Base, Instant, new_public_id
from caseapp.models.case_manager import CaseManager
from caseapp.models.client import Client, ClientTerm
from caseapp.models.client_service_line import ClientServiceLine
from caseapp.models.clinician import Clinician, ClinicianServiceLine
from caseapp.models.constraints import broken_constraint
from caseapp.models.coverage_gap import CoverageDigest, CoverageFinding, CoverageTold, CoverageTurn
from caseapp.models.emergency_access import EmergencyAccess
from caseapp.models.engine import begin_write
from caseapp.models.enrollment import Enrollment
from caseapp.models.funding_source import FundingSource
from caseapp.models.hand_over import HandOverDraft, HandOverDraftLine
from caseapp.models.leave import Leave
from caseapp.models.payor import Payor
from caseapp.models.service_line import ServiceLine
from caseapp.models.sign_in import KeptForm, SignInThrottle, UserSession
from caseapp.models.taxonomy_code import TaxonomyCode
from caseapp.models.user_account import OneTimeLink, UserAccount

__all__ = [
    "AccessEvent",
    "ApiToken",
    "Appointment",
    "AuditArchive",
    "AuditEvent",
    "AuditSeal",
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
    "EmergencyAccess",
    "Enrollment",
    "FundingSource",
    "HandOverDraft",
    "HandOverDraftLine",
    "Instant",
    "KeptForm",
    "Leave",
    "OneTimeLink",
    "Payor",
    "ServiceLine",
    "SignInThrottle",
    "TaxonomyCode",
    "UserAccount",
    "UserSession",
    "begin_write",
    "broken_constraint",
    "new_public_id",
]
