"""Deploy keys of repositories and projects: the public halves only."""

import base64
import hashlib
import struct
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime


@dataclass
class DeployKey:
    """One key; `place` is the uuid of its repository or project, `owner` None once that account was deleted."""

    id: int
    place: str
    key: str
    label: str
    comment: str
    added_at: datetime
    owner: str | None = None
    last_used: datetime | None = None


def public_key(*names: object) -> str:
    """Make the text of an Ed25519 public key, the same for the same names; nobody has the private half."""
    point = hashlib.sha256("/".join(str(one) for one in names).encode()).digest()
    kind = b"ssh-ed25519"
    blob = struct.pack(">I", len(kind)) + kind + struct.pack(">I", len(point)) + point
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


def fingerprint(key: str) -> str:
    """Give the SHA-256 fingerprint of a public key the way ssh-keygen writes it."""
    blob = base64.b64decode(key.split()[1])
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def read_public_key(text: str) -> tuple[str, str]:
    """Split what was sent into key and comment; raises ValueError for what is no public key."""
    parts = text.split(None, 2)
    if len(parts) < 2 or not parts[0].startswith(("ssh-", "ecdsa-", "sk-")):
        raise ValueError("Invalid SSH key.")
    base64.b64decode(parts[1], validate=True)
    return f"{parts[0]} {parts[1]}", parts[2] if len(parts) > 2 else ""


class DeployKeys:
    """The deploy keys of one workspace, by the repository or project that holds them; `version` goes up at changes."""

    def __init__(self) -> None:
        """Start without keys."""
        self.version = 0
        self._by_place: dict[str, dict[int, DeployKey]] = defaultdict(dict)
        self._last_id = 1000

    def of(self, place: str) -> list[DeployKey]:
        """List the keys of a repository or project by their uuid."""
        return list(self._by_place[place].values()) if place in self._by_place else []

    def find(self, place: str, key_id: int) -> DeployKey | None:
        """Find one key of a repository or project."""
        return self._by_place[place].get(key_id) if place in self._by_place else None

    def by_id(self, key_id: int) -> DeployKey | None:
        """Find a key wherever it is."""
        return next((one for one in self.everything() if one.id == key_id), None)

    def everything(self) -> list[DeployKey]:
        """List every key."""
        return [key for kept in list(self._by_place.values()) for key in list(kept.values())]

    def next_id(self) -> int:
        """Give an id that no key here ever had."""
        self._last_id += 1
        self.version += 1
        return self._last_id

    def put(self, key: DeployKey) -> None:
        """Add or replace a key."""
        self._last_id = max(self._last_id, key.id)
        self._by_place[key.place][key.id] = key
        self.version += 1

    def drop(self, key: DeployKey) -> None:
        """Delete a key."""
        self._by_place[key.place].pop(key.id, None)
        self.version += 1

    def drop_place(self, place: str) -> None:
        """Delete every key of a repository or project that is gone."""
        self._by_place.pop(place, None)
        self.version += 1

    def replace_all(self, keys: list[DeployKey], last_id: int) -> None:
        """Forget everything and take these keys instead."""
        self._by_place.clear()
        for key in keys:
            self.put(key)
        self._last_id = max(self._last_id, last_id)

    @property
    def last_id(self) -> int:
        """The highest id given so far."""
        return self._last_id
