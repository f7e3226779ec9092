"""Why something is no public key for a machine, and what to do. Fixed texts: nothing of what was pasted gets in."""

from typing import Final

_NEW_PAIR: Final = "“ssh-keygen -t ed25519 -C build-server”"
_PASTE: Final = "Paste the one line of the file whose name ends in .pub."
_MAKE: Final = f"Make a new pair with {_NEW_PAIR}, and paste the one line of the file whose name ends in .pub."

PRIVATE: Final = (
    "This is a private key, or a part of one. Nothing was stored and nothing was sent, but a private key that was "
    "pasted anywhere is burnt: delete it from the machine, and wherever else it is used. Then make a new pair with "
    f"{_NEW_PAIR}, and paste the file whose name ends in .pub."
)
EMPTY: Final = f"Nothing was pasted. {_PASTE}"
TOO_LONG: Final = f"This is longer than any public key. {_PASTE}"
SEVERAL: Final = "These are several keys. Each machine has a request of its own: paste one key, on one line."
BROKEN_LINE: Final = (
    "These are several lines, but a public key is one line. Copy it again from the file whose name ends in .pub, not "
    "from a window that breaks long lines."
)
OPTIONS: Final = (
    "This is a line of an authorized_keys file: options stand before the key, and Bitbucket knows none. Leave them "
    "out, so that the line begins with the kind of the key, such as ssh-ed25519."
)
HOST: Final = (
    "Something stands before the key, as in a known_hosts file. What stands there is the key of a server, by which "
    f"others know it, and it opens nothing. Paste the key that your machine identifies itself with: {_PASTE.lower()}"
)
FINGERPRINT: Final = f"This is a fingerprint: it names a key but does not hold it. {_PASTE}"
FILE_NAME: Final = "This is the name of a file. Show what is in it, for example with cat, and paste that line."
NO_NAME: Final = (
    "The beginning is missing: the line of a public key starts with its kind, such as ssh-ed25519. Copy the whole line."
)
NAME_ONLY: Final = "This is only the beginning of a public key. Copy the whole line."
OTHER: Final = f"This is no public key. {_PASTE} It starts with ssh-ed25519, ecdsa-sha2- or ssh-rsa."
CUT: Final = "The key is cut off, or a character got lost or changed. Copy the whole line again."
DAMAGED: Final = "The key is damaged: what is inside does not fit together. Copy the whole line again."
ANOTHER_NAME: Final = (
    "The kind before the key and the kind inside it differ. Copy the whole line again, and change nothing in it."
)
SHORT_RSA: Final = (
    "This RSA key is too short. A deploy key has no end, so it may live for many years: the portal takes RSA from 3072 "
    f"bits, and 2048 are too few. {_MAKE}"
)
LONG_RSA: Final = f"This RSA key has more than 16384 bits, which OpenSSH does not read. {_MAKE}"
WEAK_RSA: Final = f"This RSA key is damaged, or was made by a program that makes weak ones. {_MAKE}"
TELLING_COMMENT: Final = (
    "The comment behind the key looks like it holds a secret. Take it out and paste the line again: the key needs no "
    "comment."
)
ODD_COMMENT: Final = (
    "The comment behind the key is too long, or holds characters that do not belong. Take it out and paste the line "
    "again: the key needs no comment."
)
DSA: Final = f"This is a DSA key. They are too weak, and OpenSSH no longer uses them. {_MAKE}"
SECURITY_KEY: Final = (
    "This key lives in a security key that somebody has to touch, and at a machine there is nobody to touch it. "
    f"{_MAKE}"
)
CERTIFICATE: Final = (
    "This is a certificate, which Bitbucket does not take. Paste the public key that it was made for: the file of the "
    "same name without -cert."
)
UNKNOWN: Final = f"Bitbucket takes no key of this kind, only Ed25519, ECDSA and RSA. {_MAKE}"

_CONVERT: Final = (
    "This is a public key, but not in OpenSSH's form. Keep what you pasted in a file, say key.pub, and run “{}”. Then "
    "paste the one line that it prints."
)
_BLOCKS: Final = {
    "SSH2 PUBLIC KEY": _CONVERT.format("ssh-keygen -i -f key.pub"),
    "PUBLIC KEY": _CONVERT.format("ssh-keygen -i -m PKCS8 -f key.pub"),
    "RSA PUBLIC KEY": _CONVERT.format("ssh-keygen -i -m PEM -f key.pub"),
}
OTHER_BLOCK: Final = f"This is a certificate or something else, but no SSH key. {_PASTE}"


def of_block(name: str) -> str:
    """Why a block is refused.

    Args:
        name: what stands behind its BEGIN or END.
    """
    return _BLOCKS.get(" ".join(name.split()), OTHER_BLOCK)


def of_algorithm(name: str) -> str:
    """Why a kind of key is refused.

    Args:
        name: what a line begins with, none of those that are accepted.
    """
    lower = name.lower()
    if "-cert-" in lower:
        return CERTIFICATE
    if lower.startswith(("sk-", "webauthn-")):
        return SECURITY_KEY
    return DSA if lower == "ssh-dss" else UNKNOWN
