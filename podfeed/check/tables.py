"""The tables beside the rules: words and codes that others decide."""

import json
from pathlib import Path
from typing import Any


def table(name: str) -> Any:
    """What ``NAME.json`` in this folder holds. Whoever asks keeps what it makes of it."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text("utf-8"))
