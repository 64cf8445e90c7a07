// What can be done, in the order of the toolbar: `face` is a letter or `icon`; `isOn` makes a switch, `can` a button that may rest.
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, isInTable, mergeCells, splitCell } from "@tiptap/pm/tables";
import { insertTable, turnHeaderRow } from "./tables.js";
import { figureAt } from "./pictures.js";

function marked(name, key, face) {
  return { name, key, face, run: (editor) => editor.chain().focus().toggleMark(name).run(), isOn: (editor) => editor.isActive(name) };
}

function heading(level) {
  return {
    name: "heading-" + level,
    key: "Mod-Alt-" + level,
    face: "H" + level,
    run: (editor) => editor.chain().focus().toggleNode("heading", "paragraph", { level }).run(),
    isOn: (editor) => editor.isActive("heading", { level }),
  };
}

function list(name, node, key) {
  return { name, key, run: (editor) => editor.chain().focus().toggleList(node, "listItem").run(), isOn: (editor) => editor.isActive(node) };
}

// A command of ProseMirror's tables.
function tabled(name, command, key) {
  const run = (editor) => {
    command(editor.state, editor.view.dispatch);
    editor.view.focus();
  };
  return { name, key, run, can: (editor) => command(editor.state) };
}

const panel = (name, key, more) => ({ name, key, opens: name, ...more });

export const ACTIONS = [
  [
    { name: "undo", key: "Mod-z", run: (editor) => editor.chain().focus().undo().run(), can: (editor) => editor.can().undo() },
    { name: "redo", key: "Mod-Shift-z", run: (editor) => editor.chain().focus().redo().run(), can: (editor) => editor.can().redo() },
  ],
  [heading(2), heading(3), heading(4)],
  [
    marked("strong", "Mod-b", "B"), marked("em", "Mod-i", "I"), marked("u", "Mod-u", "U"), marked("s", "Mod-Shift-x", "S"),
    marked("sub", "Mod-,", "x₂"), marked("sup", "Mod-.", "x²"),
  ],
  [
    list("bullets", "bulletList", "Mod-Shift-8"), list("numbers", "orderedList", "Mod-Shift-7"),
    { name: "outdent", key: "Mod-[", run: (editor) => editor.chain().focus().liftListItem("listItem").run(), can: (editor) => editor.can().liftListItem("listItem") },
    { name: "indent", key: "Mod-]", run: (editor) => editor.chain().focus().sinkListItem("listItem").run(), can: (editor) => editor.can().sinkListItem("listItem") },
    { name: "quote", key: "Mod-Shift-9", run: (editor) => editor.chain().focus().toggleWrap("blockquote").run(), isOn: (editor) => editor.isActive("blockquote") },
  ],
  [
    panel("link", "Mod-k", { isOn: (editor) => editor.isActive("link") }),
    panel("picture", "Mod-Alt-p", { isOn: (editor) => Boolean(figureAt(editor.state)) }),
    { name: "table", key: "Mod-Alt-t", run: insertTable, can: (editor) => !isInTable(editor.state) },
    { name: "rule", key: "Mod-Alt-h", run: (editor) => editor.chain().focus().insertContent({ type: "rule" }).run() },
    { name: "plain", key: "Mod-\\", run: (editor) => editor.chain().focus().unsetAllMarks().run() },
  ],
  [panel("keys", "Alt-F1", { face: "keys" })],
];

export const TABLE_ACTIONS = [
  [tabled("row-above", addRowBefore), tabled("row-below", addRowAfter), tabled("row-remove", deleteRow)],
  [tabled("column-left", addColumnBefore), tabled("column-right", addColumnAfter), tabled("column-remove", deleteColumn)],
  [tabled("merge", mergeCells), tabled("split", splitCell), tabled("header-row", turnHeaderRow)],
  [panel("table-caption"), tabled("table-remove", deleteTable)],
];

export const KEYED = ACTIONS.reduce((all, group) => all.concat(group), []).filter((one) => one.key);

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const SHOWN = isMac ? { Mod: "⌘", Alt: "⌥", Shift: "⇧" } : { Mod: "Ctrl" };
const capital = (part) => (part.length === 1 ? part.toUpperCase() : part);

// "Mod-Shift-x" as people read it, and as aria-keyshortcuts wants it.
export function shown(key) {
  return key.split("-").map((part) => SHOWN[part] || capital(part)).join("+");
}

export function spoken(key) {
  return key.split("-").map((part) => (part === "Mod" ? (isMac ? "Meta" : "Control") : capital(part))).join("+");
}
