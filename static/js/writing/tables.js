// Tables. ProseMirror knows a table as rows of cells; its caption and the parts that its rows stand in are kept as attributes.
import { Extension, Node } from "@tiptap/core";
import { DOMParser, DOMSerializer, Fragment } from "@tiptap/pm/model";
import { TextSelection } from "@tiptap/pm/state";
import { goToNextCell, isInTable, selectionCell, tableEditing, toggleHeaderRow } from "@tiptap/pm/tables";

function span(name) {
  return { default: 1, parseHTML: (cell) => Math.max(1, Number(cell.getAttribute(name)) || 1), renderHTML: (attrs) => (attrs[name] > 1 ? { [name]: attrs[name] } : {}) };
}

function cellAttributes() {
  return { colspan: span("colspan"), rowspan: span("rowspan"), colwidth: { default: null, rendered: false, parseHTML: () => null } };
}

function captionOf(table) {
  const found = Array.from(table.children).find((child) => child.nodeName === "CAPTION");
  if (!found) return null;
  const schema = captionOf.schema();
  return DOMParser.fromSchema(schema).parse(found, { topNode: schema.nodes.paragraph.create() }).content.toJSON() || [];
}

function captionElement(node, document) {
  const element = document.createElement("caption");
  DOMSerializer.fromSchema(node.type.schema).serializeFragment(Fragment.fromJSON(node.type.schema, node.attrs.caption), { document }, element);
  return element;
}

// "thead:1" is the second child of the table, a head; null: where such a row belongs.
function partOf(row) {
  const part = row.parentNode;
  if (row.hasAttribute("data-part")) return row.getAttribute("data-part") || null;
  if (!part || !/^(THEAD|TBODY|TFOOT)$/.test(part.nodeName)) return null;
  return part.nodeName.toLowerCase() + ":" + Array.from(part.parentNode.children).indexOf(part);
}

const Table = Node.create({
  name: "table",
  group: "block",
  content: "tableRow+",
  tableRole: "table",
  isolating: true,
  onBeforeCreate() {
    captionOf.schema = () => this.editor.schema;
  },
  addAttributes: () => ({ caption: { default: null, parseHTML: captionOf, rendered: false } }),
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }, { tag: "colgroup", ignore: true }],
  renderHTML({ node }) {
    const dom = document.createElement("table");
    if (node.attrs.caption) dom.appendChild(captionElement(node, document));
    return { dom, contentDOM: dom.appendChild(document.createElement("tbody")) };
  },
  extendNodeSchema: (extension) => (extension.config.tableRole ? { tableRole: extension.config.tableRole } : {}),
  addProseMirrorPlugins: () => [tableEditing()],
  addNodeView: () => ({ node }) => new TableView(node),
});

class TableView {
  constructor(node) {
    this.dom = document.createElement("div");
    this.dom.className = "writing-table";
    this.table = this.dom.appendChild(document.createElement("table"));
    this.contentDOM = this.table.appendChild(document.createElement("tbody"));
    this.update(node);
  }

  update(node) {
    if (node.type.name !== "table") return false;
    if (this.node && this.node.attrs.caption === node.attrs.caption) return true;
    this.node = node;
    if (this.table.caption) this.table.caption.remove();
    if (!node.attrs.caption) return true;
    const caption = captionElement(node, document);
    caption.contentEditable = "false";
    this.table.insertBefore(caption, this.contentDOM);
    return true;
  }

  ignoreMutation(record) {
    return record.type !== "selection" && !this.contentDOM.contains(record.target);
  }
}

const TableRow = Node.create({
  name: "tableRow",
  content: "(tableCell | tableHeader)*",
  tableRole: "row",
  addAttributes: () => ({ part: { default: null, parseHTML: partOf, rendered: false } }),
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: ({ node }) => ["tr", { "data-part": node.attrs.part || "" }, 0],
});

const TableCell = Node.create({
  name: "tableCell",
  content: "block+",
  tableRole: "cell",
  isolating: true,
  addAttributes: cellAttributes,
  parseHTML: () => [{ tag: "td" }],
  renderHTML: ({ HTMLAttributes }) => ["td", HTMLAttributes, 0],
});

const TableHeader = Node.create({
  name: "tableHeader",
  content: "block+",
  tableRole: "header_cell",
  isolating: true,
  addAttributes: () => ({ ...cellAttributes(), scope: { default: null } }),
  parseHTML: () => [{ tag: "th" }],
  renderHTML: ({ HTMLAttributes }) => ["th", HTMLAttributes, 0],
});

// Tab goes from cell to cell, and out of the editor at either end: nobody is kept in.
const TableKeys = Extension.create({
  name: "tableKeys",
  addKeyboardShortcuts() {
    const go = (way) => () => goToNextCell(way)(this.editor.state, this.editor.view.dispatch);
    return { Tab: go(1), "Shift-Tab": go(-1) };
  },
});

export const TABLES = [Table, TableRow, TableCell, TableHeader, TableKeys];

export function insertTable(editor) {
  const { table, tableRow, tableCell, tableHeader } = editor.schema.nodes;
  const row = (type) => tableRow.create(null, [0, 1, 2].map(() => type.createAndFill()));
  const { state } = editor;
  const place = state.selection.from;
  const tr = state.tr.replaceSelectionWith(table.create(null, [row(tableHeader), row(tableCell), row(tableCell)]));
  tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(place + 1, tr.doc.content.size))));
  editor.view.dispatch(tr.scrollIntoView());
}

// The place and the node of the table around the cursor, or null.
export function tableAt(state) {
  if (!isInTable(state)) return null;
  const cell = selectionCell(state);
  return { pos: cell.before(-1), node: cell.node(-1) };
}

// A first row that was a body's, and becomes a head, is written as a head; and the other way round.
export function turnHeaderRow(state, dispatch) {
  return toggleHeaderRow(state, (tr) => {
    const found = tableAt(state);
    tr.setNodeMarkup(found.pos + 1, null, { ...tr.doc.nodeAt(found.pos + 1).attrs, part: null });
    if (dispatch) dispatch(tr);
  });
}

export function setCaption(editor, text) {
  const found = tableAt(editor.state);
  const caption = text ? [{ type: "text", text }] : null;
  editor.view.dispatch(editor.state.tr.setNodeMarkup(found.pos, null, { ...found.node.attrs, caption }));
}

export function captionText(state) {
  const found = tableAt(state);
  const caption = Fragment.fromJSON(state.schema, (found && found.node.attrs.caption) || []);
  return caption.textBetween(0, caption.size);
}

// In what the serializer made, put the rows into their parts.
export function groupRows(element) {
  const document = element.ownerDocument;
  let part = null;
  let key = null;
  let isHead = true;
  const whole = element.tBodies[0];
  whole.remove();
  Array.from(whole.children).forEach((row) => {
    const said = row.getAttribute("data-part");
    const isHeading = row.children.length > 0 && Array.from(row.children).every((cell) => cell.nodeName === "TH");
    let name = said ? said.split(":")[0] : isHead && isHeading ? "thead" : "tbody";
    if (name === "thead" && !isHead) name = "tbody";
    isHead = name === "thead";
    row.removeAttribute("data-part");
    if (!part || part.localName !== name || (said && key && said !== key)) {
      part = element.appendChild(document.createElement(name));
      key = null;
    }
    key = said || key;
    part.appendChild(row);
  });
}
