"""Where the pack is that comes with the software."""

from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "content" / "passerelle"
