"""Reading a CTF: what is in it, or everything that is wrong with it (1.3, 4.2, Appendix 1). Nothing here knows of Django."""

from s2s.transfers.ctf.faults import CtfFault, CtfWarning, Finding, UnreadableCtf
from s2s.transfers.ctf.pupils import CtfPupil
from s2s.transfers.ctf.reading import Ctf, read

__all__ = ["Ctf", "CtfFault", "CtfPupil", "CtfWarning", "Finding", "UnreadableCtf", "read"]
