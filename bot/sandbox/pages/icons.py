"""Icons, drawn for these pages on a grid of 16 by 16."""

from collections.abc import Mapping

from markupsafe import Markup, escape

# Strokes of 1.5 units; what begins with `!` is filled instead.
SHAPES: Mapping[str, tuple[str, ...]] = {
    "alert": ("M8 2.2 14.4 13.4H1.6Z", "M8 6.2v3.4", "!M7.1 11.2h1.8v1.3H7.1Z"),
    "arrow-left": ("M13 8H3.5M7 4 3 8l4 4",),
    "blocked": ("M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z", "M3.8 3.8l8.4 8.4"),
    "branch": (
        "M4.5 5.2v5.6M11.5 6.2c0 2.6-3.4 2-5.6 2.8-.9.3-1.4 1-1.4 1.8",
        "M4.5 1.7a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M4.5 10.9a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M11.5 2.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
    ),
    "check": ("M2.8 8.6 6.3 12 13.2 4.4",),
    "check-circle": ("!M8 0.9a7.1 7.1 0 1 0 0 14.2A7.1 7.1 0 0 0 8 .9Zm-1.1 10.4L3.8 8.2l1.1-1.1"
                     " 2 2 4.2-4.2 1.1 1.1Z",),
    "checklist": ("M2 4.2 3.4 5.6 6 2.8M2 10.6l1.4 1.4L6 9.2M8.5 4.2H14M8.5 11H14",),
    "chevron": ("M4 6.2 8 10.2l4-4",),
    "clone": ("M5.5 5.5h8v8h-8Z", "M10.5 5.2V2.5h-8v8h2.7"),
    "comment": ("M2 2.8h12v8.4H7.4L4.4 14v-2.8H2Z",),
    "commit": ("M1 8h4M11 8h4", "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z"),
    "diff": ("M3 1.8h6.4L13 5.4v8.8H3Z", "M8 4.8v4M6 6.8h4M6 11.2h4"),
    "dot": ("!M8 4.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6Z",),
    "file": ("M3 1.8h6.4L13 5.4v8.8H3Z", "M9.2 2v3.6h3.6"),
    "info": ("M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z", "M8 7.2v4", "!M7.1 4.2h1.8v1.5H7.1Z"),
    "mark": ("M3.2 3.2h9.6v9.6H3.2Z", "!M6.6 5.6 10.8 8l-4.2 2.4Z"),
    "merge": (
        "M4.5 5.2v5.6M4.7 5.2c.5 2.2 2.2 3.2 4.9 3.3",
        "M4.5 1.7a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M4.5 10.9a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M11.4 6.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
    ),
    "neutral": ("!M4.2 4.2h7.6v7.6H4.2Z",),
    "people": (
        "M6 3a2.4 2.4 0 1 0 0 4.8A2.4 2.4 0 0 0 6 3Z",
        "M1.6 13.4c.3-2.6 2-4 4.4-4s4.1 1.4 4.4 4M10.6 3.3a2.2 2.2 0 0 1 0 4.2M12 9.7c1.4.5 2.2"
        " 1.8 2.4 3.7",
    ),
    "play": ("M4.5 2.8 12.5 8l-8 5.2Z",),
    "pull": (
        "M4.3 5.2v5.6M11.7 10.8V6.4c0-1.3-.7-2-2-2H7.6M9.4 2.4l-2 2 2 2",
        "M4.3 1.7a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M4.3 10.9a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M11.7 10.9a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
    ),
    "pull-closed": (
        "M4.3 5.2v5.6M11.7 10.8V7.8M9.9 2l3.6 3.6M13.5 2 9.9 5.6",
        "M4.3 1.7a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M4.3 10.9a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M11.7 10.9a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
    ),
    "repository": ("M3 2.6C3 1.9 3.5 1.5 4.2 1.5H13v10.2H4.4c-.8 0-1.4.5-1.4 1.4s.6 1.4 1.4"
                   " 1.4H13v-2.8M3 13V2.6M6 4.5h4",),
    "review": ("M1.4 8C3 5.2 5.2 3.8 8 3.8S13 5.2 14.6 8c-1.6 2.8-3.8 4.2-6.6 4.2S3 10.8 1.4 8Z",
               "!M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z"),
    "rerun": ("M13.4 6.4A5.7 5.7 0 0 0 3 5.2M2.6 9.6A5.7 5.7 0 0 0 13 10.8M3 2.2v3h3M13 13.8v-3h-3",),
    "request": ("M2 5.2h10.6M9.8 2.4l2.8 2.8-2.8 2.8M14 10.8H3.4M6.2 8l-2.8 2.8 2.8 2.8",),
    "skip": ("M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z", "M4.8 11.2l6.4-6.4"),
    "verified": ("M8 1.6 13.4 3.4v4.2c0 3.2-2 5.5-5.4 6.8-3.4-1.3-5.4-3.6-5.4-6.8V3.4Z",
                 "M5.4 7.8 7.3 9.7l3.4-3.6"),
    "webhook": (
        "M6.6 6 4.6 10M8 4.2a1.7 1.7 0 1 0-.1 0M10.8 11.4H5.4M9 5.4l2.4 4.4",
        "M3.9 9.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
        "M12.2 9.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
    ),
    "x": ("M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4",),
    "x-circle": ("!M8 .9a7.1 7.1 0 1 0 0 14.2A7.1 7.1 0 0 0 8 .9Zm3.2 9.2-1.1 1.1L8 9.1l-2.1 2.1"
                 "-1.1-1.1L6.9 8 4.8 5.9l1.1-1.1L8 6.9l2.1-2.1 1.1 1.1L9.1 8Z",),
}  # fmt: skip

_NAMED = {False: ' aria-hidden="true"', True: ' role="img"'}


def icon(name: str, label: str = "", tone: str = "") -> Markup:
    """Return an icon; without a label it is decoration, and says nothing to a screen reader."""
    shapes = Markup("").join(_shape(each) for each in SHAPES[name])
    title = Markup("<title>{}</title>").format(label) if label else Markup("")
    named = Markup(_NAMED[bool(label)])
    kind = f"icon {tone}".strip()
    return Markup('<svg class="{}" viewBox="0 0 16 16"{}>{}{}</svg>').format(
        kind, named, title, shapes
    )


def _shape(drawn: str) -> Markup:
    if drawn.startswith("!"):
        return Markup('<path class="solid" d="{}"/>').format(escape(drawn[1:]))
    return Markup('<path d="{}"/>').format(escape(drawn))
