"""What the fixes make of a test file."""

from bot.analysis.request import Fixing
from tests.trees import plan_for

TEST = "async def test_it():\n    pass\n"
MARKED = "@pytest.mark.asyncio\n" + TEST


def fixed(text: str | bytes, **others: str) -> bytes:
    """Return a test file with everything fixed."""
    raw = text.encode() if isinstance(text, str) else text
    return plan_for({"test_it.py": raw, **others}, Fixing.UNSAFE).files["test_it.py"]
