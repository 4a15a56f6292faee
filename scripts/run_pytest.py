"""Run pytest with one database server for all its processes."""

import os
import subprocess
import sys
from pathlib import Path

if not os.environ.get("DATABASE_URL"):
    from tsunagu.config.embedded import embedded_database_url

    os.environ["DATABASE_URL"] = embedded_database_url(Path(os.environ["TSUNAGU_VAR"]))
sys.exit(subprocess.call([sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *sys.argv[1:]]))
