"""Pages of a demonstration alone."""

WHO = {
    "demo-mail": None,
    "demo-issuer": None,
    "demo-issuer-keys": None,
    "demo-issuer-who": None,
    "demo-issuer-token": None,
    "demo-issuer-end": None,
}

OF_ONE_THING: set[str] = set()
