"""Source `record`: the gateway record, as a person wrote it."""

from __future__ import annotations

from seppcheck.api import Gateway, Reason, Session, Unavailable, source, text
from seppcheck.errors import UserError
from seppcheck.model.gateway_record import GatewayRecord
from seppcheck.record.reading import of_settings


@source("record")
def gateway_record(gateway: Gateway, session: Session) -> GatewayRecord | Unavailable:
    """Read the record. It was found to be sound when the run started; here it may have changed since."""
    del gateway
    try:
        record = of_settings(session.settings, session.clock())
    except UserError as error:
        return Unavailable(Reason.MALFORMED, error.message)
    if record is None:
        detail = text("there is no gateway record: write down what the appliance shows with `seppcheck attest`")
        return Unavailable(Reason.NOT_CONFIGURED, detail)
    return record
