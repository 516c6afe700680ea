"""What belongs to South Korea as such. A sister portal of another country has another module here.

Texts of the interface, in Python and in templates, name none of it: they take it by %(country)s and so on.
"""

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

TIME_ZONE = "Asia/Seoul"
# Begins the keys of BibTeX entries, which stay the same in every language.
SLUG = "korea-cluster-portal"

CURRENCY = "KRW"
# What may stand before and after an amount as people write it.
CURRENCY_SIGNS = (CURRENCY, "₩")
CURRENCY_WORDS = (CURRENCY, "won", "원")
# What an amount may be followed by, in the language of the country; none begins with one before it.
NUMERALS = {"조": 10**12, "억": 10**8, "천만": 10**7, "백만": 10**6, "만": 10**4, "천": 10**3}

NAMES = {
    "portal": _("Korea Cluster Portal"),
    "country": _("South Korea"),
    "country_short": _("Korea"),
    "agency": _("KICOX"),
    "currency": CURRENCY,
    "currency_unit": _("won"),
    # Whose boundaries the base map shows.
    "boundaries": _("National Geographic Information Institute of Korea"),
    "boundaries_short": _("NGII of Korea"),
    # The years of the two groupings of provinces, as their names carry them.
    "zones_year": "2016",
    "pan_regions_year": "2010",
    "telephone": "+82-70-8895-7000",
}

# Corners in WGS84 degrees: south-west and north-east, each as (latitude, longitude).
# The land and islands (Marado to Goseong, Gageodo to Dokdo): no record can lie outside.
BOUNDS = ((32.9, 124.5), (38.7, 132.0))
LATITUDE_RANGE, LONGITUDE_RANGE = zip(*BOUNDS, strict=True)
# What the large map shows at first: the mainland and Jeju.
DEFAULT_VIEW = ((33.1, 125.8), (38.6, 130.0))
# How far the base map reaches, with the coast of the neighbours.
BASE_MAP = ((31, 122), (44, 134))
# What fills a drawn map, which is 1.066 times as wide as high, without empty edges.
DRAWN = ((33.0, 124.5), (38.7, 132.0))
# The latitude in the middle, where a degree of longitude is as long as it is on the average.
MEAN_LATITUDE = 36

# Fills the names into a lazy text, as late as the text is translated.
named = lazy(lambda text: str(text) % NAMES, str)
# How the two groupings of provinces are called as filters.
ZONE_LABEL = named(_("Zone (%(zones_year)s)"))
PAN_REGION_LABEL = named(_("Pan-region (%(pan_regions_year)s)"))
