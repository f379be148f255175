"""Write every generated page of docs/."""

from __future__ import annotations

from tools.reference.pages import ROOT, pages


def main() -> None:
    """Write them all; whatever stood there is replaced."""
    for path, content in pages().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
