"""How passwords are kept: Argon2id with the parameters OWASP recommends for servers."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: some 30 ms a sign-in."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
