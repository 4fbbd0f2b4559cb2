"""A small practice in which much is about to change: dates, payors, enrollments, and who is responsible."""

FILES = {
    "service_lines": "code,name\nABA,Applied Behavior Analysis\nST,Speech Therapy\n",
    "payors": (
        "payor_id,name,type,requires_enrollment\n"
        "BLUE,Blue Meadow,insurance,\nREGION,North Region,regional_center,true\nSELF,Self,private_pay,\n"
    ),
    "clinicians": (
        "clinician_number,last_name,first_name,credential,npi,service_lines,active_to\n"
        "K-1,Lindqvist,Mei,CCC-SLP,1234567893,ABA;ST,\n"
        "K-2,Vidal,Tomás,BCBA,1558598797,ABA;ST,2026-12-20\n"
        "K-3,Okafor,Ada,BCBA,,ABA,\n"
    ),
    "enrollments": (
        "clinician_number,payor_id,start_date,status,end_date\n"
        "K-1,BLUE,2025-01-01,approved,\nK-1,REGION,2025-01-01,approved,2026-12-31\n"
        "K-2,BLUE,2025-06-01,terminated,2027-01-15\nK-3,BLUE,,in_process,\n"
    ),
    "clients": (
        "client_number,last_name,first_name,status\n"
        "C-1,Hartmann,Léa,active\nC-2,O'Hara,Wren,active\nC-3,Doe,Bee,on_hold\n"
    ),
    "client_service_lines": (
        "client_number,service_line,start_date,end_date\n"
        "C-1,ST,2026-01-05,\nC-1,ABA,2026-12-01,\nC-2,ABA,2026-02-02,2027-03-31\nC-3,ABA,2026-02-02,\n"
    ),
    "funding_sources": (
        "client_number,payor_id,priority,start_date,end_date\n"
        "C-1,BLUE,primary,2026-01-01,2026-12-31\nC-1,REGION,primary,2027-01-01,\n"
        "C-1,REGION,secondary,2026-01-01,\nC-2,BLUE,primary,2026-01-01,\nC-3,SELF,primary,2026-01-01,\n"
    ),
    "case_managers": (
        "client_number,service_line,start_date,clinician_number,end_date,for_clinician_number\n"
        "C-1,ST,2026-01-05,K-1,,\nC-2,ABA,2026-02-02,K-2,2027-02-15,K-3\nC-3,ABA,2026-10-28,K-3,,\n"
    ),
    "appointments": (
        "appointment_number,client_number,service_line,clinician_number,starts_at,minutes,status,billable\n"
        "A-1,C-1,ST,K-1,2026-11-24T09:00,45,scheduled,true\n"
        "A-2,C-1,ABA,,2026-12-02T08:00,60,scheduled,true\n"
        "A-3,C-2,ABA,K-3,2026-10-20T13:00,120,completed,true\n"
        "A-4,C-2,ABA,K-2,2026-12-30T23:30,60,scheduled,true\n"
        "A-5,C-3,ABA,K-3,2026-11-28T10:00,60,scheduled,true\n"
        "A-6,C-1,ST,K-1,2027-03-14T03:30,45,scheduled,true\n"
    ),
}
"""Practice files, as they stand on 22 November 2026."""
