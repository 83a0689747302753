"""Which signs may stand in no text? Those that XML (feeds, books) refuses or the database cannot keep."""

import re

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
