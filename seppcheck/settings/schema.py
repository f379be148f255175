"""The JSON Schema of seppcheck.toml, for editors and for programs that write the file."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from seppcheck.settings.document import Document


class _TomlSchema(GenerateJsonSchema):
    """TOML has no null: what is optional is left out instead."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) in (None, ""):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave titles out: they would repeat the keys."""
        del schema
        return False

    def generate(self, schema: CoreSchema, mode: Any = "validation") -> JsonSchemaValue:
        return {"$schema": self.schema_dialect, **super().generate(schema, mode)}


def json_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12). A TOML date is text in it, as tools that read TOML with JSON Schema do."""
    return {**Document.model_json_schema(schema_generator=_TomlSchema), "title": "seppcheck.toml"}
