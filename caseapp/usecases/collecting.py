"""Spare the garbage collector what cannot be garbage yet."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """While many values are made that are all kept, the collector would look through them again and again.

    For work of some milliseconds: it holds for the whole process. Where others do the same meanwhile, the
    collector works again once the first that found it working is done.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
