// Small drawings of our own, 20 by 20, in the colour of the text.
const PATHS = {
  undo: "M8 4 4 8l4 4M4 8h7a5 5 0 0 1 0 10H8",
  redo: "m12 4 4 4-4 4M16 8H9a5 5 0 0 0 0 10h3",
  bullets: "M8 5h9M8 10h9M8 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01",
  numbers: "M8 5h9M8 10h9M8 15h9M3 3.5 4 3v4M3 12.5c0-1 1.8-1 1.8 0 0 .8-1.8 1.6-1.8 2.5h2",
  outdent: "M9 5h8M9 10h8M9 15h8M6 7 3 10l3 3",
  indent: "M9 5h8M9 10h8M9 15h8M3 7l3 3-3 3",
  quote: "M4 6h4v4c0 2-1 4-3 4M11 6h4v4c0 2-1 4-3 4",
  link: "M8.5 11.5a3.5 3.5 0 0 0 5 0l2.5-2.5a3.5 3.5 0 0 0-5-5l-1 1M11.5 8.5a3.5 3.5 0 0 0-5 0L4 11a3.5 3.5 0 0 0 5 5l1-1",
  picture: "M3 4h14v12H3zM3 14l4-4 3 3 3-3 4 4M12.5 7.5h.01",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 4v12M12.5 4v12",
  rule: "M3 10h14M6 5h8M6 15h8",
  plain: "M5 4h9M9.5 4 8 12M4 17 16 9",
  "row-above": "M3 10h14v6H3zM10 2v6M7 5h6",
  "row-below": "M3 4h14v6H3zM10 12v6M7 15h6",
  "row-remove": "M3 7h14v6H3zM7 10h6",
  "column-left": "M10 3v14h6V3zM2 10h6M5 7v6",
  "column-right": "M4 3v14h6V3zM12 10h6M15 7v6",
  "column-remove": "M7 3h6v14H7zM10 7v6",
  merge: "M3 4h14v12H3zM6 10h3M14 10h-3M8 8.5 9.5 10 8 11.5M12 8.5 10.5 10l1.5 1.5",
  split: "M3 4h14v12H3zM10 4v12M8 10H5M12 10h3",
  "header-row": "M3 4h14v12H3zM3 9h14M3 5.5h14M3 7h14",
  "table-caption": "M3 8h14v9H3zM3 12h14M10 8v9M6 4h8",
  "table-remove": "M3 4h14v12H3zM7 7l6 6M13 7l-6 6",
};
const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("aria-hidden", "true");
  drawing.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", PATHS[name]);
  return drawing;
}
