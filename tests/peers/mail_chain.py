"""Real Postfix instances that relay mail to one another: gateway, smarthost, an outside receiver.

Each has a loopback address of its own to connect from, so that the next one's Received line tells them apart.
"""

from __future__ import annotations

import contextlib
import smtplib
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.peers import postfix
from tests.peers.postfix import Postfix, Service

GATEWAY, SMARTHOST, RECEIVER = "127.0.2.25", "127.0.2.26", "127.0.2.30"
NAMES = {GATEWAY: "secure.example.org", SMARTHOST: "relay.provider.example", RECEIVER: "mx.receiver.example"}
_DELIVERED = 20.0
"""Seconds that a message may take."""
_MASTER = """\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
relay unix - - n - - smtp
virtual unix - n n - - virtual
"""
_NOBODY = 65534
"""A user without rights to deliver as."""


@dataclass(frozen=True)
class Chain:
    """Running instances; mail goes in at `first` and arrives in the receiver's `inbox`."""

    first: int
    entrance: str
    inbox: Path
    instances: tuple[Postfix, ...]

    def send(self, content: bytes, folder: Path) -> Path:
        """Hand a message to the first host, and return it as the receiver has it, a file in `folder`.

        Raises:
            TimeoutError: with every log, when it does not arrive.
        """
        before = set(self._arrived())
        with smtplib.SMTP(self.entrance, self.first, local_hostname="exchange.example", timeout=10) as client:
            client.sendmail("ann@example.org", ["bob@receiver.example"], content)
        deadline = time.monotonic() + _DELIVERED
        while not (new := set(self._arrived()) - before):
            if time.monotonic() > deadline:
                raise TimeoutError("".join(instance.log for instance in self.instances))
            time.sleep(0.02)
        path = folder / "received.eml"
        path.write_bytes(new.pop().read_bytes())
        return path

    def _arrived(self) -> Iterator[Path]:
        return self.inbox.glob("*")


def relaying(address: str, next_hop: tuple[str, int], helo: str = "") -> AbstractContextManager[Postfix]:
    """Run a host that hands everything to the next one, and introduces itself as `helo` (or by its name)."""
    settings = {
        "relayhost": f"[{next_hop[0]}]:{next_hop[1]}",
        "smtp_bind_address": address,
        "smtp_helo_name": helo or NAMES[address],
        "smtp_tls_security_level": "none",
    }
    services = {"smtp": Service(addresses=(address,))}
    return postfix.running(services, name=NAMES[address], settings=settings, master=_MASTER)


def receiving(folder: Path) -> AbstractContextManager[Postfix]:
    """Run the outside receiver; it delivers into the Maildir `inbox` in `folder`, which is made."""
    folder.mkdir()
    folder.chmod(0o777)
    settings = {
        "virtual_mailbox_domains": "receiver.example",
        "virtual_mailbox_maps": "static:inbox/",
        "virtual_mailbox_base": folder,
        "virtual_uid_maps": f"static:{_NOBODY}",
        "virtual_gid_maps": f"static:{_NOBODY}",
    }
    services = {"smtp": Service(addresses=(RECEIVER,))}
    return postfix.running(services, name=NAMES[RECEIVER], settings=settings, master=_MASTER)


@contextlib.contextmanager
def running(folder: Path, *, helo: str = "", smarthost: bool = False) -> Iterator[Chain]:
    """Run a gateway and a receiver, with or without a smarthost between them; mail ends in `folder`."""
    with contextlib.ExitStack() as stack:
        last = stack.enter_context(receiving(folder))
        instances = [last]
        hop = RECEIVER, last.ports["smtp"]
        if smarthost:
            instances.append(stack.enter_context(relaying(SMARTHOST, hop)))
            hop = SMARTHOST, instances[-1].ports["smtp"]
        instances.append(stack.enter_context(relaying(GATEWAY, hop, helo)))
        yield Chain(instances[-1].ports["smtp"], GATEWAY, folder / "inbox" / "new", tuple(instances))
