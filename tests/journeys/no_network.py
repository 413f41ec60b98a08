"""A hook for every Python that a journey starts (as sitecustomize.py): using the network fails."""

from __future__ import annotations

NO_NETWORK = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        address = arguments[1] if event != "socket.getaddrinfo" else arguments[0]
        if not isinstance(address, (str, bytes)) or event == "socket.getaddrinfo":
            raise RuntimeError(f"the network was used: {event} {address}")
sys.addaudithook(refuse)
"""
