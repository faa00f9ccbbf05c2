"""What the rules' tests draw from."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.okr.numbers import LARGEST, MOST_DECIMALS, OFFERED_LOCALES

# Half an hour of daylight saving, quarter hours, a day once skipped, daylight saving around Ramadan, the far ends.
ODD_ZONES = (
    "UTC",
    "Pacific/Honolulu",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Pacific/Kiritimati",
    "Pacific/Chatham",
    "Asia/Beirut",
    "Africa/Cairo",
)

zones = st.sampled_from(ODD_ZONES).map(ZoneInfo)
locales = st.sampled_from(OFFERED_LOCALES)
values = st.decimals(min_value=-LARGEST, max_value=LARGEST, places=MOST_DECIMALS) | st.integers(
    min_value=-(10**15), max_value=10**15
).map(Decimal)
small_values = st.decimals(min_value=-1000, max_value=1000, places=2)
shares = st.decimals(min_value=-2, max_value=3, places=4)
weights = st.decimals(min_value=0, max_value=100_000, places=2)
