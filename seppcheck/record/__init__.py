"""The gateway record: what a person wrote down of the appliance's settings (`gateway-record.toml`)."""
