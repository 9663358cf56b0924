"""The roles, copied by hand, and sets of them that many pages have."""

ROLES = (
    "LEA_DBA",
    "LEA_USER",
    "LEA_SCHOOL",
    "LEA_LOST_PUPIL",
    "LEA_LOST_PUPIL_TRANSFER",
    "LEA_DBA_VIEW",
    "LEA_PLASC",
    "LEA_ADMISSIONS",
    "SCHOOL",
    "NATIONAL",
)
ALL = set(ROLES)
CTF = {"LEA_DBA", "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL_TRANSFER", "LEA_PLASC", "SCHOOL"}  # 1.6 and the table of rights
MAINTAINS = {"LEA_DBA", "NATIONAL"}
