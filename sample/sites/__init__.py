"""The made-up sites: what each CMS family answers at which path."""

from __future__ import annotations

from collections.abc import Callable

from sample.places import Site
from sample.sites.files import SiteFiles
from sample.sites.generic import generic_site
from sample.sites.gkmlpt import gkmlpt_site
from sample.sites.hanweb import hanweb_site
from sample.sites.hanweb_pages import hanweb_pages_site
from sample.sites.jpaas import jpaas_site
from sample.sites.lonsun import lonsun_site
from sample.sites.numbered import (
    hebei_site,
    kunming_site,
    openness_site,
    shaanxi_site,
    shanghai_site,
)
from sample.sites.programs import huilan_site, query_site
from sample.sites.trs import trs_site
from sample.sites.trs_search import trs_search_site
from sample.sites.ucap import ucap_site
from sample.sites.vsb import vsb_site
from sample.truth import Country

Render = Callable[[Country, Site, int, str], SiteFiles]

FAMILIES: dict[str, Render] = {
    "trs": trs_site,
    "hanweb": hanweb_site,
    "jpaas": jpaas_site,
    "ucap": ucap_site,
    "vsb": vsb_site,
    "lonsun": lonsun_site,
    "gkmlpt": gkmlpt_site,
    "shaanxi": shaanxi_site,
    "ah_openness": openness_site,
    "shanghai": shanghai_site,
    "hebei": hebei_site,
    "kunming": kunming_site,
    "query": query_site,
    "huilan": huilan_site,
    "generic": generic_site,
}
"""One function for each CMS family: (country, site, night, base) -> the files of the site."""

_DIALECTS: dict[tuple[str, str], Render] = {
    ("trs", "was"): trs_search_site,
    ("hanweb", "group"): hanweb_pages_site,
    ("hanweb", "older"): hanweb_pages_site,
    ("hanweb", "more"): hanweb_pages_site,
}


def render_site(country: Country, site: Site, night: int = 1, base: str | None = None) -> SiteFiles:
    """Everything that `site` answers on `night`; `base` is what its absolute links begin with."""
    render = _DIALECTS.get((site.family, site.dialect), FAMILIES[site.family])
    return render(country, site, night, base or site.base(80))
