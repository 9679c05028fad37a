"""What is told of an address that leads nowhere, or is not understood, in the visitor's language."""

from __future__ import annotations

from datasette.utils.asgi import Base400, NotFound

from web.saying.speech import Speech


class Missing(NotFound):  # type: ignore[misc]
    """No such page: `key` is the phrase that says what to do instead."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(f"{Speech('zh')(key, **values)} {Speech('en')(key, **values)}")

    def said(self, speech: Speech) -> str:
        """The same in one language."""
        return speech(self.key, **self.values)


class Unclear(Base400):  # type: ignore[misc]
    """An address that asks for what is not offered: `key` is the phrase that says what would do."""

    status = 400

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(f"{Speech('zh')(key, **values)} {Speech('en')(key, **values)}")

    def said(self, speech: Speech) -> str:
        """The same in one language."""
        return speech(self.key, **self.values)
