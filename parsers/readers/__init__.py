"""Any container in, Documents out. A container is one module here; it is told by content, never by name.

A reader module has `ORDER` (lower is asked first), `claims(data) -> bool` and `read(data) -> list[Document]`
(a list, since an archive file holds several). `read` raises ParseError with one line a person can act on.
"""
