"""Numpy, loaded when the first array is made: the window is painted without it, a tenth of a second earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
else:

    class _Late:
        """Stands for the module until something of it is needed, which is then kept."""

        def __getattr__(self, name: str) -> Any:
            import numpy

            found = getattr(numpy, name)
            setattr(self, name, found)
            return found

    np = _Late()

__all__ = ["np"]
