"""Practice files for tests: a small practice that can be changed line by line, written as a folder."""

from pathlib import Path

SAMPLE = Path(__file__).parent / "data" / "practice-synthea"

SMALL = {
    "service_lines": "code,name\nABA,Applied Behavior Analysis\nST,Speech Therapy\n",
    "payors": (
        "payor_id,name,type,requires_enrollment\nBLUE,Blue Meadow,insurance,true\nSELF,Self,private_pay,\n"
    ),
    "clinicians": (
        "clinician_number,last_name,first_name,credential,npi,service_lines,active_from,active_to\n"
        "K-1,Lindqvist,Mei,CCC-SLP,1234567893,ST,2020-01-01,\n"
        "K-2,Vidal,Tomás,BCBA,1558598797,ABA;ST,,\n"
    ),
    "enrollments": (
        "clinician_number,payor_id,start_date,status,applied_on,end_date\n"
        "K-1,BLUE,2025-01-01,approved,,\n"
        "K-2,BLUE,,in_process,2026-10-01,\n"
    ),
    "leaves": "clinician_number,start_date,end_date,note\nK-1,2026-12-07,2026-12-18,Vacation\n",
    "clients": (
        "client_number,last_name,first_name,preferred_name,date_of_birth,status,external_id\n"
        "C-1,Hartmann,Léa,,2020-01-21,active,\n"
        "C-2,O'Hara,Wren,Birdie,2017-07-30,active,x-2\n"
    ),
    "client_service_lines": (
        "client_number,service_line,start_date,end_date\nC-1,ST,2026-01-05,\nC-2,ABA,2026-02-02,2026-12-31\n"
    ),
    "funding_sources": (
        "client_number,payor_id,priority,start_date,member_id,end_date\n"
        "C-1,BLUE,primary,2026-01-01,M1,\n"
        "C-2,SELF,primary,2026-01-01,,2026-06-30\n"
        "C-2,BLUE,primary,2026-07-01,,\n"
    ),
    "case_managers": (
        "client_number,service_line,start_date,clinician_number,end_date,for_clinician_number\n"
        "C-1,ST,2026-01-05,K-1,,\n"
        "C-2,ABA,2026-02-02,K-2,2026-12-31,\n"
    ),
    "appointments": (
        "appointment_number,client_number,service_line,clinician_number,starts_at,minutes,status,billable\n"
        "A-1,C-1,ST,K-1,2026-11-24T09:00,45,scheduled,true\n"
        "A-2,C-2,ABA,,2026-11-25T13:00-05:00,120,scheduled,false\n"
    ),
}
"""A practice with one or two rows of each kind; no row of it is refused."""


def write_files(folder: Path, files: dict[str, str | bytes] | dict[str, str]) -> Path:
    """Write `NAME.csv` for each entry; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (folder / f"{name}.csv").write_bytes(data)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """What a folder holds, to be compared."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
