"""The site's tables and the people in it, made by a process of its own: `python -m tests.crash.people 6812045 6792303`."""

import sys

from s2s.__main__ import prepare


def settle(*schools: str) -> None:
    prepare()
    from tests.cast import Cast

    cast = Cast()
    for school in schools:
        cast.person("SCHOOL", school)


if __name__ == "__main__":
    settle(*sys.argv[1:])
