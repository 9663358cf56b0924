"""The folders: the data folder of the site, and in it (or for it) the folder of PostgreSQL."""

import os
import pwd
import secrets
from pathlib import Path

from s2s.machine.postgres import owner
from s2s.machine.trouble import Trouble


def folder(data: Path) -> Path:
    """The data folder, made if it is missing: nobody else lists it; root lets others pass through, as PostgreSQL will be one of them."""
    data = data.absolute()
    if not data.is_dir():
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return data


def home(data: Path) -> Path:
    """The folder of PostgreSQL that belongs to this data folder."""
    place = data / "postgres.place"
    return Path(place.read_text().strip()) if place.exists() else data / "postgres"


def settle(data: Path) -> Path:
    """The folder for a new cluster, owned by the user who will run it."""
    place = home(data)
    place.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() != 0:
        return place
    user = owner.unprivileged_user()
    os.chown(place, user.pw_uid, user.pw_gid)
    if owner.may_enter(user.pw_uid, user.pw_gid, place):
        return place
    place.rmdir()
    return _settle_elsewhere(data, user)


def _settle_elsewhere(data: Path, user: pwd.struct_passwd) -> Path:
    """Root's data folder is closed to the user PostgreSQL runs as (below /root, say): we open nothing, we go where that user may go."""
    place = owner.for_root() / f"postgres-{secrets.token_hex(8)}"
    place.mkdir(mode=0o700)
    os.chown(place, user.pw_uid, user.pw_gid)
    if not owner.may_enter(user.pw_uid, user.pw_gid, place):
        raise Trouble(f"The user {user.pw_name} can reach neither {data} nor {place}. Choose another S2S_DATA, or set DATABASE_URL.")
    (data / "postgres.place").write_text(f"{place}\n")
    return place
