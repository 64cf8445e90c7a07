"""What only some processes ever need and what costs memory, loaded at its first use: the libraries of passkeys and of sealing."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.accounts import ceremonies, sealed
else:

    class _Later:
        """Stands for a module that is imported when something of it is asked for, by however many threads at once."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            return getattr(import_module(self._name), name)

    ceremonies, sealed = _Later("portal.accounts.ceremonies"), _Later("portal.accounts.sealed")

__all__ = ["ceremonies", "sealed"]
