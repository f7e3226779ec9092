"""What builds, terminals, mail programs and APIs do to a text before somebody pastes it."""

import json
from collections.abc import Callable

Noise = Callable[[str], str]


def _each_line(before: str, after: str = "") -> Noise:
    return lambda text: "\n".join(f"{before}{line}{after}" for line in text.split("\n"))


def _among_others(text: str) -> str:
    head = (
        "PS C:\\builds\\agent\\_work\\1> .\\deploy.ps1\n"
        "Reading C:\\Users\\emma\\new\\repos\\table.ini\n"
        "Done in 401 ms\n"
    )
    return f"{head}{text}\nThe job took 404 seconds and ended at D:\\logs\\run-403.txt\n"


NOISE: dict[str, Noise] = {
    "clock of GitHub": _each_line("2026-11-20T10:15:30.1234567Z "),
    "clock of Jenkins": _each_line("[2026-11-20T10:15:30.123Z] "),
    "clock of Pipelines": _each_line("10:15:30 "),
    "container log": _each_line("2026-11-20T10:15:30.123456789Z stderr F "),
    "colours": _each_line("\x1b[31m\x1b[1m", "\x1b[0m"),
    "colours spelt out": _each_line("\\u001b[31m", "\\u001b[0m"),
    "remote": _each_line("remote: "),
    "quoted mail": _each_line("> "),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "JSON": lambda text: json.dumps({"output": text, "exit": 128}),
    "JSON in JSON": lambda text: json.dumps({"body": json.dumps({"stderr": text})}),
    "Python": lambda text: repr(text),
    "indented": _each_line("        ", "   "),
    "other lines": _among_others,
    "capitals": lambda text: text.replace("Authorization", "AUTHORIZATION"),
}
