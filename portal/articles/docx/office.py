"""Files of older programs turned into .docx by LibreOffice, without macros and without the network."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""
"""No macro runs, and whatever a document asks for elsewhere goes to a port where nobody answers."""


def turn(task: dict[str, str]) -> str:
    """Have task["program"] turn the file at task["source"] into .docx within the folder task["into"]; return where that is.

    It has task["seconds"]; all its processes are ended with it. Raises ValueError with "broken".
    """
    into = Path(task["into"])
    user = into / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(PROFILE, "utf-8")
    settings = f"-env:UserInstallation={user.parent.as_uri()}"
    environment = {"HOME": str(into), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    running = subprocess.Popen(  # noqa: S603 - the program that the site found installed
        [task["program"], settings, "--headless", "--norestore", "--convert-to", "docx", "--outdir", str(into), task["source"]],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        running.wait(float(task["seconds"]))
    except subprocess.TimeoutExpired as error:
        raise ValueError("broken") from error
    finally:
        _end(running)
    made = into / f"{Path(task['source']).stem}.docx"
    if not made.is_file():
        raise ValueError("broken")
    return str(made)


def _end(running: "subprocess.Popen[bytes]") -> None:
    """End what is left of a program and of what it has started."""
    with contextlib.suppress(ProcessLookupError):  # all of it is gone
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
