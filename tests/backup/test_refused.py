"""An archive that is not whole, was changed or is not ours is refused with a sentence, and nothing is touched."""

import gzip
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.backup import migrations
from portal.backup.archive import ABOUT, BLOCK, MANIFEST, PIECE, TAIL
from portal.backup.creating import LARGEST_PART
from portal.backup.tables import CARRIED
from tests.backup import forging
from tests.backup.forging import Members
from tests.backup.places import NOTHING, Place, looks


def demand_refused(place: Place, archive: Path, *words: str) -> None:
    """Fail unless both commands say no in one sentence with these words, and leave everything as it was."""
    with place.portal() as app:
        for command in ("verify", "restore"):
            answer = app.test_cli_runner().invoke(args=["backup", command, str(archive)])
            assert answer.exit_code == 1, answer.output
            assert answer.output.startswith("Error: ")
            for word in words:
                assert word in answer.output
        assert looks(place.instance) == NOTHING


def changed_at(archive: Path, into: Path, place: int) -> Path:
    octets = bytearray(archive.read_bytes())
    octets[place] ^= 1
    into.write_bytes(octets)
    return into


def says_of_itself(**values: object) -> Callable[[Members], None]:
    return lambda found: forging.says(found, ABOUT, lambda said: said.update(values))


def test_the_untouched_archive_is_whole(archive: Path, elsewhere: Place) -> None:
    answer = elsewhere.flask("backup", "verify", archive)
    assert answer.exit_code == 0
    assert answer.output.startswith(f"Whole and unchanged: {len(CARRIED)} tables with ")
    assert elsewhere.looks() == NOTHING


def test_one_bit_anywhere_is_noticed(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    octets = archive.read_bytes()
    first_file = octets.index(b"files/")
    places = [
        BLOCK - 1,
        BLOCK + 700,
        octets.index(b"tables/"),
        first_file,
        first_file + BLOCK + 9,
        octets.index(b"manifest.json"),
    ]
    for place in [*places, len(octets) - TAIL - 1, len(octets) - TAIL, len(octets) - TAIL + BLOCK, len(octets) - 1]:
        demand_refused(elsewhere, changed_at(archive, tmp_path / "changed.tar", place))


@pytest.mark.parametrize("left", [0, 1, BLOCK, 5_000, -1, -TAIL, -TAIL - 1])
def test_a_truncated_archive(archive: Path, elsewhere: Place, tmp_path: Path, left: int) -> None:
    octets = archive.read_bytes()
    short = tmp_path / "short.tar"
    short.write_bytes(octets[:left])
    demand_refused(elsewhere, short, "not whole")


def test_an_archive_with_something_behind_it(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    longer = tmp_path / "longer.tar"
    longer.write_bytes(archive.read_bytes() + bytes(BLOCK))
    demand_refused(elsewhere, longer, "not whole")


def test_what_is_no_archive(elsewhere: Place, tmp_path: Path) -> None:
    note, packed, foreign = tmp_path / "note.tar", tmp_path / "packed.tar", tmp_path / "foreign.tar"
    note.write_text("Đây không phải là bản lưu.\n" * 200, "utf-8")
    with zipfile.ZipFile(packed, "w") as other:
        other.writestr("about.json", "{}" * 500)
    with tarfile.open(foreign, "w") as other_tar:
        other_tar.add(note, "note.tar")
    for path in (note, packed, foreign):
        demand_refused(elsewhere, path, "no backup of this portal")


def test_another_format(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    made = forging.forged(
        archive, tmp_path / "made.tar", lambda found: forging.says(found, ABOUT, lambda said: said.update(format=2))
    )
    demand_refused(elsewhere, made, "is of format 2", "reads format 1")


NAMES = ["../outside", "files/../../outside", "/etc/passwd", "files/a/b", "files/.hidden", "files/" + 65 * "a", "tables/User/x"]


@pytest.mark.parametrize("name", NAMES)
def test_a_member_that_would_lie_elsewhere(archive: Path, elsewhere: Place, tmp_path: Path, name: str) -> None:
    made = forging.forged(archive, tmp_path / "made.tar", lambda found: found.update({name: b"planted"}))
    demand_refused(elsewhere, made, "does not belong into one")


ODD: list[dict[str, object]] = [
    {"type": tarfile.SYMTYPE, "linkname": "/etc"},
    {"type": tarfile.LNKTYPE, "linkname": "/etc/passwd"},
    {"type": tarfile.CHRTYPE},
    {"type": tarfile.XHDTYPE},
    {"mode": 0o4777},
    {"uid": 1},
]


@pytest.mark.parametrize("values", ODD)
def test_a_member_that_is_no_plain_file(archive: Path, elsewhere: Place, tmp_path: Path, values: dict[str, object]) -> None:
    made = forging.sealed(tmp_path / "made.tar", forging.body(archive) + forging.a_header("files/abc", **values))
    demand_refused(elsewhere, made, "does not belong into one")


def leave_out(name: str) -> Callable[[Members], None]:
    return lambda found: found.pop(name) and None


def take_a_row(found: Members) -> None:
    rows = forging.lines(found, "ballot")
    content = b"".join(line + b"\n" for line in gzip.decompress(found[forging.part("ballot")]).splitlines()[1:])
    assert rows
    found[forging.part("ballot")] = gzip.compress(content)


def change_a_file(found: Members) -> None:
    name = next(name for name in found if name.startswith("files/"))
    found[name] = found[name][:-1] + b"!"


def lose_a_file(found: Members) -> None:
    name = next(name for name in found if name.startswith("files/"))
    del found[name]
    forging.says(found, MANIFEST, lambda said: said["files"].pop(name.removeprefix("files/")))


def add_a_file(found: Members) -> None:
    found["files/abc"] = b"nobody names it"


def misname_a_column(found: Members) -> None:
    forging.says(found, ABOUT, lambda said: said["tables"].update(site=[["id", "number"]]))


def add_a_value(found: Members) -> None:
    forging.put(found, "site", [[*row, 1] for row in forging.lines(found, "site")])


def mix_up_a_kind(found: Members) -> None:
    forging.put(found, "site", [["one", *row[1:]] for row in forging.lines(found, "site")])


def nest_deeply(found: Members) -> None:
    found[forging.part("site")] = gzip.compress(b"[" * 100_000 + b"\n")


def puff_up(found: Members) -> None:
    found[forging.part("site")] = gzip.compress(bytes(LARGEST_PART + PIECE))


def spoil_a_part(found: Members) -> None:
    found[forging.part("site")] = b"not packed at all"


EDITS: dict[str, tuple[Callable[[Members], None], str]] = {
    "a table's rows are not there": (leave_out("tables/poll/000001.jsonl.gz"), "other rows of the table poll"),
    "a row is missing": (take_a_row, "other rows of the table ballot"),
    "a file is another": (change_a_file, "does not hold the file"),
    "a row's file is missing": (lose_a_file, "does not hold the file"),
    "a file is too many": (add_a_file, "after its end"),
    "the manifest is missing": (leave_out(MANIFEST), "does not say what it should hold"),
    "the manifest is nothing": (lambda found: found.update({MANIFEST: b"[]"}), "cannot be read"),
    "the manifest is bottomless": (lambda found: found.update({MANIFEST: b"[" * 100_000}), "cannot be read"),
    "a table that is none": (lambda found: found.update({"tables/nothing/000001.jsonl.gz": b""}), "after its end"),
    "a kind that is none": (misname_a_column, "cannot be read"),
    "a value too many": (add_a_value, "cannot be read"),
    "a text for a number": (mix_up_a_kind, "cannot be read"),
    "nested without end": (nest_deeply, "cannot be read"),
    "a part that unpacks to more than there can be": (puff_up, "cannot be read"),
    "a part that is none": (spoil_a_part, "cannot be read"),
    "an instant that no clock shows": (says_of_itself(made_at=2**70), "cannot be read"),
    "an instant without end": (says_of_itself(made_at=float("inf")), "cannot be read"),
    "a key's mark that is none": (says_of_itself(key="đ"), "cannot be read"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_archive_that_holds_something_else_under_a_sum_that_fits(
    archive: Path, elsewhere: Place, tmp_path: Path, name: str
) -> None:
    edit, word = EDITS[name]
    demand_refused(elsewhere, forging.forged(archive, tmp_path / "made.tar", edit), word)


@pytest.mark.slow(why="restores half a site")
@pytest.mark.parametrize(("table", "column", "value"), [("page_views", "views", 2**80), ("site", "name", "\ud800")])
def test_a_value_that_no_database_takes_is_refused_with_its_table(
    archive: Path, elsewhere: Place, tmp_path: Path, table: str, column: str, value: object
) -> None:
    def edit(found: Members) -> None:
        rows = forging.lines(found, table)
        rows[0][forging.column(found, table, column)] = value
        forging.put(found, table, rows)

    answer = elsewhere.flask("backup", "restore", forging.forged(archive, tmp_path / "made.tar", edit))
    assert answer.exit_code == 1
    assert f"The rows of the table {table} do not fit into this database" in answer.output


def test_a_member_that_says_it_is_longer_than_the_archive(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    made = forging.sealed(tmp_path / "made.tar", forging.body(archive) + forging.a_header("files/abc", 8**11 - 1))
    demand_refused(elsewhere, made, "not whole")


def test_a_newer_migration(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    newer = forging.forged(
        archive, tmp_path / "made.tar", lambda found: forging.says(found, ABOUT, lambda said: said.update(revision="9999"))
    )
    answer = elsewhere.flask("backup", "restore", newer)
    assert answer.exit_code == 1
    assert "made by a newer release, at migration 9999" in answer.output
    assert elsewhere.looks() == NOTHING


def test_under_another_key(archive: Path, elsewhere: Place) -> None:
    (elsewhere.instance / "secret_key").write_text("another key, long enough to be one of ours\n", "ascii")
    answer = elsewhere.flask("backup", "restore", archive)
    assert answer.exit_code == 1
    assert "Copy the file secret_key" in answer.output
    assert elsewhere.looks() == NOTHING


def test_too_little_room(archive: Path, elsewhere: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(elsewhere.instance)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    answer = elsewhere.flask("backup", "restore", archive)
    assert answer.exit_code == 1
    assert "too little room" in answer.output
    assert elsewhere.looks() == NOTHING


def test_a_database_of_another_migration_is_not_backed_up(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "newest", lambda: "9999")
    answer = Place(copied).flask("backup", "create")
    assert answer.exit_code == 1
    assert "this release at 9999" in answer.output
    assert list((copied / "backups").iterdir()) == []
