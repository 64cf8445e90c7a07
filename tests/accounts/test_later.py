"""The libraries that only passkeys and sealing need are loaded at their first use, and not by starting."""

import subprocess
import sys
import threading
from pathlib import Path

from portal.accounts.later import ceremonies, sealed

STARTED = """
import sys
from portal import create_app
app = create_app({"INSTANCE": sys.argv[1], "TESTING": True})
print(*sorted({"webauthn", "cryptography", "OpenSSL", "cbor2"} & sys.modules.keys()))
from portal.accounts.later import ceremonies
from portal.accounts.passkeys import Place
print(ceremonies.request_options(Place("https://so.example.vn", "so.example.vn"), bytes(32))["rpId"])
print("webauthn" in sys.modules)
"""


def test_starting_loads_neither_webauthn_nor_cryptography(tmp_path: Path) -> None:
    run = [sys.executable, "-c", STARTED, str(tmp_path / "instance")]
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(run, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["", "so.example.vn", "True"], done.stderr


def test_what_is_loaded_later_is_the_module_itself() -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append((ceremonies.created, sealed.seal))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert sys.modules["portal.accounts.ceremonies"].created is ceremonies.created
