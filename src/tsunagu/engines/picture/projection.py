"""From latitude and longitude to the coordinates of the map of Japan."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Projection:
    """Mercator, stretched and moved: x = a·lon + b, y = d − c·mercator(lat), in units of the map's view box."""

    a: float
    b: float
    c: float
    d: float

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Degrees to map units, rounded to a tenth."""
        mercator = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))
        return round(self.a * lon + self.b, 1), round(self.d - self.c * mercator, 1)


# Fitted so that as many town halls as possible fall inside their prefecture's outline; see the test.
# Okinawa is drawn where it lies, not as an inset; its islands span so far that they have a fit of their own.
MAIN_ISLANDS = Projection(19.70220, -2436.01032, 19.62540, 1006.02312)
OKINAWA_ISLANDS = Projection(21.12680, -2617.92176, 19.61118, 1005.48152)
OKINAWA = "470007"


def on_map(prefecture_code: str, lat: float, lon: float) -> tuple[float, float]:
    """Where a place of a prefecture lies on the map, by the fit that suits its prefecture."""
    return (OKINAWA_ISLANDS if prefecture_code == OKINAWA else MAIN_ISLANDS).point(lat, lon)
