// The editor in the place of a textarea, which stays: its value is the body, and says "input" whenever the body changes.
import { Editor, Extension } from "@tiptap/core";
import { Gapcursor } from "@tiptap/extensions/gap-cursor";
import { TrailingNode } from "@tiptap/extensions/trailing-node";
import { UndoRedo } from "@tiptap/extensions/undo-redo";
import { isInTable } from "@tiptap/pm/tables";
import { ACTIONS, KEYED, TABLE_ACTIONS } from "./actions.js";
import { bodyOf, unstyled } from "./html.js";
import { Notices, element } from "./notices.js";
import { Panels } from "./panels.js";
import { incoming } from "./paste.js";
import { figure } from "./pictures.js";
import { SCHEMA } from "./schema.js";
import { TABLES } from "./tables.js";
import { Toolbar } from "./toolbar.js";
import { filled, words } from "./text.js";

export class Writing {
  constructor(textarea, texts) {
    this.textarea = textarea;
    this.texts = texts;
    this.notices = new Notices(texts);
    this.box = element("div", { class: "writing" });
    const place = element("div", { class: "writing-place" });
    this.editor = new Editor({
      element: place,
      extensions: [...SCHEMA, ...TABLES, figure(texts), UndoRedo, Gapcursor, TrailingNode.configure({ node: "paragraph" }), incoming(texts, this.notices), this.keys()],
      content: unstyled(textarea.value),
      injectCSS: false,
      enableInputRules: false, // what is typed stays as it is typed: "1." begins no list
      enablePasteRules: false,
      editable: !textarea.readOnly && !textarea.disabled,
      editorProps: { attributes: this.attributes() },
      onUpdate: () => this.write(),
      onTransaction: () => this.later(),
    });
    this.taken();
    this.furnish(place);
    this.listen();
    this.show();
  }

  attributes() {
    const { textarea } = this;
    const label = textarea.labels && textarea.labels[0];
    if (label && !label.id) label.id = textarea.id + "-label";
    const said = {
      role: "textbox",
      "aria-multiline": "true",
      "aria-describedby": [textarea.getAttribute("aria-describedby"), textarea.id + "-way"].filter(Boolean).join(" "),
      class: "writing-text",
    };
    if (label) said["aria-labelledby"] = label.id;
    else said["aria-label"] = textarea.getAttribute("aria-label") || this.texts("body");
    if (textarea.required) said["aria-required"] = "true";
    if (textarea.getAttribute("aria-invalid")) said["aria-invalid"] = textarea.getAttribute("aria-invalid");
    return said;
  }

  furnish(place) {
    const { editor, texts, textarea } = this;
    this.panels = new Panels(editor, texts, textarea.getAttribute("data-pictures-url"));
    const open = (name, opener) => this.panels.open(name, opener);
    this.tools = new Toolbar({ groups: ACTIONS, label: texts("tools"), texts, editor, open, name: "writing-main" });
    this.tableTools = new Toolbar({ groups: TABLE_ACTIONS, label: texts("table-tools"), texts, editor, open, name: "writing-table-tools" });
    this.length = element("p", { class: "writing-length", role: "status" });
    const way = element("p", { class: "writing-unseen", id: textarea.id + "-way" }, texts("way"));
    const top = element("div", { class: "writing-top" }, this.tools.element, this.panels.element);
    const bottom = element("div", { class: "writing-bottom" }, this.tableTools.element, this.length);
    if (!textarea.getAttribute("data-pictures-url")) this.tools.pairs.find((pair) => pair.action.name === "picture").button.hidden = true;
    if (editor.isEditable) this.box.append(top, this.notices.element, way, place, bottom);
    else this.box.append(place);
    textarea.before(this.box);
    textarea.hidden = true;
    textarea.required = false; // a field that is not shown cannot be filled in: the server asks for it
  }

  keys() {
    const writing = this;
    return Extension.create({
      name: "writingKeys",
      priority: 1001,
      addKeyboardShortcuts() {
        const keys = {
          "Alt-F10": () => (writing.tools.focus(), true),
          Enter: () => this.editor.commands.splitListItem("listItem"),
          "Shift-Enter": () => this.editor.commands.insertContent({ type: "lineBreak" }),
        };
        KEYED.forEach((action) => {
          keys[action.key] = () => {
            if (action.opens) writing.panels.open(action.opens, writing.tools.pairs.find((pair) => pair.action === action).button);
            else action.run(this.editor);
            return true;
          };
        });
        return keys;
      },
    });
  }

  listen() {
    const { textarea } = this;
    this.box.addEventListener("input", (event) => event.stopPropagation()); // the textarea speaks for the text
    ["input", "change"].forEach((what) => textarea.addEventListener(what, () => this.read()));
    if (textarea.form) textarea.form.addEventListener("reset", () => setTimeout(() => this.read()));
    window.addEventListener("pageshow", () => this.read());
    Array.from(textarea.labels || []).forEach((label) => label.addEventListener("click", () => this.editor.commands.focus()));
  }

  // What the writer did goes to the textarea; a body that nobody touched stays as it was stored, to the letter.
  write() {
    if (this.body === undefined) return;
    const body = bodyOf(this.editor.state.doc);
    if (body === this.body) return;
    this.body = this.written = this.textarea.value = body;
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What others put into the textarea (a kept draft, a restored revision) comes to the editor.
  read() {
    if (this.textarea.value === this.written) return;
    this.body = undefined;
    this.editor.commands.setContent(unstyled(this.textarea.value), { emitUpdate: false });
    this.taken();
  }

  taken() {
    this.written = this.textarea.value;
    this.body = bodyOf(this.editor.state.doc);
  }

  later() {
    if (this.isWaiting || !this.tools) return;
    this.isWaiting = true;
    requestAnimationFrame(() => this.show());
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tell(), 600);
  }

  show() {
    this.isWaiting = false;
    if (this.editor.isDestroyed) return;
    this.tools.show();
    const isTable = isInTable(this.editor.state);
    this.tableTools.element.hidden = !isTable;
    if (isTable) this.tableTools.show();
    if (!this.length.textContent) this.tell();
  }

  tell() {
    const { doc } = this.editor.state;
    const said = new Intl.NumberFormat(document.documentElement.lang || "vi").format(words(doc.textBetween(0, doc.content.size, " ", " ")));
    const sentence = filled(this.texts("words"), said);
    if (this.length.textContent !== sentence) this.length.textContent = sentence;
  }
}
