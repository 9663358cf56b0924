"""s2s: the secure transfer site of the Common Transfer System."""

__version__ = "3.0.0"
