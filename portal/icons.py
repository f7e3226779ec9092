"""The portal's own icons: strokes on a 20 by 20 grid, drawn inline: no request, no script."""

from types import MappingProxyType

_DRAWINGS = {
    "check": '<path d="m4.5 10.5 3.7 3.7 7.3-8.2"/>',
    "cross": '<path d="m5.5 5.5 9 9m0-9-9 9"/>',
    "alert": '<path d="M10 3 2.6 16.2h14.8zM10 8v3.6m0 2.3v.1"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4l2.7 2"/>',
    "key": ('<circle cx="6.6" cy="13.4" r="3.4"/><path d="m9.1 10.9 7.4-7.4m-2.9 2.9 2.4 2.4m-4.6-.2 1.5 1.5"/>'),
    "shield": '<path d="M10 2.8 4 5v4.6c0 3.7 2.5 6.3 6 7.6 3.5-1.3 6-3.9 6-7.6V5z"/>',
    "copy": (
        '<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M13 7V5A1.5 1.5 0 0 0 11.5 3.5H5'
        'A1.5 1.5 0 0 0 3.5 5v6.5A1.5 1.5 0 0 0 5 13h2"/>'
    ),
    "external": (
        '<path d="M11.5 3.5h5v5m0-5-7.5 7.5M8 4.5H5A1.5 1.5 0 0 0 3.5 6v9A1.5 1.5 0 0 0 5 16.5h9'
        'a1.5 1.5 0 0 0 1.5-1.5v-3"/>'
    ),
    "user": '<circle cx="10" cy="6.7" r="3.2"/><path d="M3.8 16.7c.8-3 3.2-4.7 6.2-4.7s5.4 1.7 6.2 4.7"/>',
    "users": (
        '<circle cx="7.5" cy="7" r="2.9"/><path d="M2 16.3c.6-2.7 2.7-4.3 5.5-4.3s4.9 1.6 5.5 4.3'
        'M13 4.3a2.9 2.9 0 0 1 0 5.4m1.7 2.9c1.7.6 2.9 1.9 3.3 3.7"/>'
    ),
    "list": '<path d="M7.5 5.5h9m-9 4.5h9m-9 4.5h9M3.7 5.5h.1m-.1 4.5h.1m-.1 4.5h.1"/>',
    "search": '<circle cx="8.8" cy="8.8" r="5.3"/><path d="m12.7 12.7 4 4"/>',
    "arrow-right": '<path d="M4 10h12m-4.5-4.5L16 10l-4.5 4.5"/>',
    "lock": ('<rect x="4" y="9" width="12" height="8" rx="1.5"/><path d="M6.7 9V6.7a3.3 3.3 0 0 1 6.6 0V9"/>'),
    "unlock": ('<rect x="4" y="9" width="12" height="8" rx="1.5"/><path d="M6.7 9V6.2a3.3 3.3 0 0 1 6.3-1.4"/>'),
    "trash": '<path d="M3.5 5.5h13M8 5.5v-2h4v2m-6.7 0 .7 11h8l.7-11M8.5 9v4.5m3-4.5v4.5"/>',
    "refresh": ('<path d="M16 10a6 6 0 0 1-10.7 3.7M4 10a6 6 0 0 1 10.7-3.7M15 3.2v3.3h-3.3M5 16.8v-3.3h3.3"/>'),
    "bell": '<path d="M5.2 13.5V9a4.8 4.8 0 0 1 9.6 0v4.5l1.2 1.3H4zM8.5 17h3"/>',
    "eye": (
        '<path d="M2 10c1.7-3.3 4.5-5 8-5s6.3 1.7 8 5c-1.7 3.3-4.5 5-8 5s-6.3-1.7-8-5z"/><circle '
        'cx="10" cy="10" r="2.5"/>'
    ),
    "git-branch": (
        '<circle cx="6" cy="4.7" r="1.9"/><circle cx="6" cy="15.3" r="1.9"/><circle cx="14.3" '
        'cy="6.7" r="1.9"/><path d="M6 6.6v6.8m8.3-4.8c0 3-3 3.2-5.5 3.5-1.6.2-2.8.6-2.8 1.3"/>'
    ),
    "book": (
        '<path d="M10 5.5C8.5 4.3 6.2 4 3.5 4v11.5c2.7 0 5 .3 6.5 1.5 1.5-1.2 3.8-1.5 6.5-1.5V4'
        'c-2.7 0-5 .3-6.5 1.5zm0 0V17"/>'
    ),
    "download": '<path d="M10 3.5v9m-3.8-3.7L10 12.5l3.8-3.7M3.5 16.5h13"/>',
    "link": (
        '<path d="m8.5 11.5 3-3M9.5 6l1.7-1.7a3.2 3.2 0 0 1 4.5 4.5L14 10.5M10.5 14l-1.7 1.7'
        'a3.2 3.2 0 0 1-4.5-4.5L6 9.5"/>'
    ),
    "info": '<circle cx="10" cy="10" r="7"/><path d="M10 9.2v4.3M10 6.5v.1"/>',
    "chevron-down": '<path d="m5.5 8 4.5 4.5L14.5 8"/>',
    "menu": '<path d="M3.5 6h13m-13 4h13m-13 4h13"/>',
    "sign-out": ('<path d="M8 3.5H5A1.5 1.5 0 0 0 3.5 5v10A1.5 1.5 0 0 0 5 16.5h3m4.5-3L16 10l-3.5-3.5M16 10H8"/>'),
}

ICONS = MappingProxyType(_DRAWINGS)
"""Name → the inside of its SVG. Trusted text of ours; it never takes part of a person's input."""
