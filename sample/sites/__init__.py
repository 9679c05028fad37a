"""The made-up sites: what each CMS family answers at which path."""

from __future__ import annotations

from sample.places import Site
from sample.sites.files import SiteFiles
from sample.sites.hanweb import hanweb_site
from sample.sites.trs import trs_site
from sample.truth import Country

FAMILIES = {"trs": trs_site, "hanweb": hanweb_site}
"""One function for each CMS family: (country, site, night, base) -> the files of the site."""


def render_site(country: Country, site: Site, night: int = 1, base: str | None = None) -> SiteFiles:
    """Everything that `site` answers on `night`; `base` is what its absolute links begin with."""
    return FAMILIES[site.family](country, site, night, base or site.base(80))
