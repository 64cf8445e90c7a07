"""Restoring an archive into an empty instance: nothing is touched before all of it was checked, and all is compared after it.

The steps in their order: a mark that the instance is half-made; the files; the tables of the archive's migration; all rows in
one transaction; the migrations since; a line in the log; the mark is taken away. Whoever is cut short begins anew.
"""

import hashlib
import hmac
import shutil
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts.models import RecoveryCode, User
from portal.audit import chain, vocabulary
from portal.backup import filling, migrations, target
from portal.backup.archive import PIECE, Archive
from portal.backup.checking import examine, file_of
from portal.backup.manifest import About, Manifest, key_mark
from portal.backup.progress import Progress
from portal.core import clock, durable, versions
from portal.core.db import write
from portal.core.errors import Refused
from portal.files.storage import path_of


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; `new_key`: without what only the key before could open; `broken`: where the log was broken already."""

    about: About
    manifest: Manifest
    new_key: bool
    broken: str


def restore(path: Path, *, new_key: bool = False, progress: Progress) -> Restored:
    """Restore an archive. With `new_key`, what only the key of the installation before could open is given up.

    Raises Refused with a sentence; before anything is changed where the archive or this instance will not do.
    """
    with Archive(path) as archive:
        about, manifest = examine(archive, progress=progress)
        new_key = _demand_fit(about, manifest, new_key=new_key)
        target.begin(path)
        target.empty()
        _store_files(archive, manifest, progress)
        migrations.bring_to(about.revision)
        with progress("Tables", manifest.rows) as step:
            write(lambda session: filling.fill(session, archive, about, manifest, step))
        migrations.bring_to("head")
        _compare_files(manifest, progress)
        write(lambda session: _note(session, manifest, new_key=new_key))
    target.finish()
    return Restored(about, manifest, new_key, str(chain.verify() or ""))


def _demand_fit(about: About, manifest: Manifest, *, new_key: bool) -> bool:
    """Raise Refused where this release, this key or this instance will not do; tell whether the key is another."""
    if not migrations.is_known(about.revision):
        raise Refused(f"The archive was made by a newer release, at migration {about.revision}. Restore it with that release.")
    is_other = not hmac.compare_digest(about.key, key_mark())
    if is_other and not new_key:
        raise Refused(
            "The archive was made under another key, which authenticator apps and recovery codes need. Copy the file secret_key "
            "from the instance folder of the installation before into this one, then try again. If it is lost, say --new-key: "
            "people then sign in by password or passkey and set up their second factor anew."
        )
    target.demand_empty(about.tables)
    free = shutil.disk_usage(current_app.instance_path).free
    if free < manifest.octets:
        raise Refused(f"There is too little room: the files take {manifest.octets} bytes, {free} are free. Nothing was changed.")
    return is_other


def _store_files(archive: Archive, manifest: Manifest, progress: Progress) -> None:
    folders = set[Path]()
    with progress("Files", manifest.octets) as step:
        for member in archive.members():
            name = file_of(member)
            if name is not None:
                path = path_of(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                folders |= {path.parent, path.parent.parent}
                with durable.new_file(path) as file:
                    for piece in member.pieces():
                        file.write(piece)
                        step(len(piece))
    for folder in folders:
        durable.sync(folder)


def _compare_files(manifest: Manifest, progress: Progress) -> None:
    """Read every file as it lies here, and raise Refused where one is not what the archive holds."""
    with progress("Comparing files", manifest.octets) as step:
        for name, said in manifest.files.items():
            found, size = hashlib.sha256(), 0
            with path_of(name).open("rb") as file:
                while piece := file.read(PIECE):
                    found.update(piece)
                    size += len(piece)
                    step(len(piece))
            if (size, found.hexdigest()) != said:
                raise Refused(f"After restoring, the file {name} is not what the archive holds. Restore again.")


def _note(session: Session, manifest: Manifest, *, new_key: bool) -> None:
    """Put the restoring on record; have every process forget what it remembers of another database."""
    if new_key:
        session.execute(update(User).values(totp_secret=None, totp_step=None))
        session.execute(delete(RecoveryCode))
    session.merge(versions.CacheVersion(tag=versions.CONTENT, version=clock.now_ms()))  # above whatever it was counted to
    session.flush()
    line = vocabulary.BACKUP_RESTORED
    audit.record(session, line, actor=audit.COMMAND, files=len(manifest.files), new_key=new_key)
