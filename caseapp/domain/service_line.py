"""The service lines that a practice usually has. It may rename them, take them off and add others."""

USUAL = {
    "ABA": "Applied Behavior Analysis",
    "ST": "Speech Therapy",
    "OT": "Occupational Therapy",
    "PT": "Physical Therapy",
    "MH": "Mental Health",
}
"""Names by code."""
