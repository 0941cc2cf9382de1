"""Small pictures of 14 by 14, as the paths of SVG draw them."""

ICONS = {
    "person": "M7 1.5a2.7 2.7 0 1 0 .01 0M1.8 13c0-3 2.2-4.8 5.2-4.8s5.2 1.8 5.2 4.8z",
    "many": "M1.5 4.5h8v8h-8zM4.5 4.5v-3h8v8h-3",
    "loop": "M12.2 7a5.2 5.2 0 1 1-1.6-3.7M10.8 .8v2.8h-2.8",
    "choice": "M7 1 13 7 7 13 1 7z",
    "bars": "M4 2v10M10 2v10",
    "value": "M2.5 5h9M2.5 9h9",
    "clock": "M7 1a6 6 0 1 0 .01 0M7 3.6V7l2.4 1.6",
    "letter": "M1 3h12v8.5H1zM1 3.4l6 4.4 6-4.4",
    "bolt": "M8 1 3 8h3.6L6 13l5-7H7.4z",
    "end": "M7 1.5a5.5 5.5 0 1 0 .01 0M4.8 4.8h4.4v4.4H4.8z",
    "table": "M1 2h12v10H1zM1 5.4h12M1 8.7h12M5 2v10",
    "plug": "M4.5 1v3.5M9.5 1v3.5M2.5 4.5h9v2a4.5 4.5 0 0 1-9 0zM7 11v2.5",
    "process": "M1 2.5h12v9H1zM7 4.8v4.4M4.8 7h4.4",
    "book": "M2 2h4.2L7 3l.8-1H12v9.5H7.8l-.8 1-.8-1H2zM7 3v9",
}
