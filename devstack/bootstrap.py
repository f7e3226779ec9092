"""Makes .venv from whatever python3 started this file. Needs nothing but the standard library."""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "requirements.stamp"
REQUIREMENTS = ("requirements-bootstrap.txt", "requirements-dev.txt")


def main() -> int:
    """Bring .venv in step with the requirement files, or do nothing when it is.

    Returns:
        0, or 1 after one sentence on standard error.
    """
    stamp = _stamp()
    if _runs() and STAMP.exists() and STAMP.read_text() == stamp:
        return 0
    try:
        _make()
    except subprocess.CalledProcessError as error:
        print(f"Making .venv failed: the command above it ended with {error.returncode}.", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    STAMP.write_text(stamp)
    return 0


def _stamp() -> str:
    digest = hashlib.sha256(sys.version.encode() + str(VENV).encode())
    for name in REQUIREMENTS:
        digest.update((CHECKOUT / name).read_bytes())
    return digest.hexdigest()


def _runs() -> bool:
    """Tell whether the venv's python starts and is of our version: a system upgrade can take it away."""
    if not PYTHON.exists():
        return False
    ask = [str(PYTHON), "-c", "import sys; print(sys.version)"]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == sys.version.strip()


def _make() -> None:
    if not _runs():
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            raise FileNotFoundError(_NO_VENV.format(sys.executable, *sys.version_info[:2]))
        print(f"Making .venv with {sys.executable} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "-r", str(CHECKOUT / REQUIREMENTS[0])], check=True)
    uv = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON)]
    uv.append(str(CHECKOUT / REQUIREMENTS[1]))
    # uv brings its own list of authorities; behind a company's proxy only the system's list knows the proxy's.
    if subprocess.run(uv, check=False).returncode:
        subprocess.run([*uv, "--system-certs"], check=True)


_NO_VENV = (
    "{} cannot make virtual environments: install the rest of it"
    " (Debian: apt-get install python{}.{}-venv) and run make again."
)

if __name__ == "__main__":
    sys.exit(main())
