"""The organisations, the people, and the yearly audit of users."""

from s2s.directory.models.organisations import Category, Language, Organisation, SiteNotice
from s2s.directory.models.people import FailedSignIn, InactiveBecause, KnownAddress, OneTimeLink, User
from s2s.directory.models.yearly_audit import Confirmation, UserAudit

__all__ = [
    "Category",
    "Confirmation",
    "FailedSignIn",
    "InactiveBecause",
    "KnownAddress",
    "Language",
    "OneTimeLink",
    "Organisation",
    "SiteNotice",
    "User",
    "UserAudit",
]
