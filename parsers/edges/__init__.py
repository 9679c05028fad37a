"""Where a report begins and ends on a page: by its own parts and the markup between them, never by a name.

What the site puts around it, or floats in the middle of it, is taken off; what stands before it goes on
serving as evidence for its title, body and year.
"""

from parsers.edges.within import within

__all__ = ["within"]
