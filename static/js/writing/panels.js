// What a button opens below the toolbar: one panel at a time, no window of its own. Escape closes it and goes back.
import { KEYED, shown } from "./actions.js";
import { pictures } from "./chooser.js";
import { button, element } from "./notices.js";
import { captionText, setCaption } from "./tables.js";
import { safeLink } from "./text.js";

const MAKERS = { link, picture: pictures, keys, "table-caption": caption };

export class Panels {
  constructor(editor, texts, picturesUrl) {
    this.editor = editor;
    this.texts = texts;
    this.picturesUrl = picturesUrl;
    this.element = element("div", { class: "writing-panel", role: "dialog", hidden: true });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      else if (event.key !== "Enter" || event.target.localName !== "input" || event.isComposing) return;
      else this.submit();
      event.preventDefault(); // Enter in a field would send the form around the editor
    });
    ["input", "change"].forEach((what) => this.element.addEventListener(what, (event) => event.stopPropagation())); // no field of the form
  }

  open(name, opener) {
    if (this.name === name) return this.close();
    this.close(true);
    this.name = name;
    this.opener = opener;
    this.submit = () => undefined;
    this.element.textContent = "";
    this.element.setAttribute("aria-label", this.texts(name));
    this.element.append(element("p", { class: "writing-title" }, this.texts(name)));
    this.element.hidden = false;
    if (opener) opener.setAttribute("aria-expanded", "true");
    MAKERS[name](this);
    const first = this.element.querySelector("input, button");
    if (first) first.focus();
  }

  close(isSilent) {
    if (!this.name) return;
    this.name = null;
    this.element.hidden = true;
    this.element.textContent = "";
    if (this.opener) this.opener.setAttribute("aria-expanded", "false");
    if (!isSilent) this.editor.commands.focus();
  }

  field(label, value, hint) {
    const id = "writing-" + Math.random().toString(36).slice(2);
    const input = element("input", { id, type: "text", autocomplete: "off", "aria-describedby": id + "-said" });
    input.value = value || "";
    const said = element("span", { id: id + "-said", class: "meta" }, hint || "");
    this.element.append(element("div", { class: "field" }, element("label", { for: id }, label), input, said));
    return {
      input,
      refuse(sentence) {
        said.className = "field-bad";
        said.textContent = sentence;
        input.setAttribute("aria-invalid", "true");
        said.setAttribute("role", "alert");
        input.focus();
      },
    };
  }

  buttons(label, run, ...more) {
    this.submit = run;
    const row = element("div", { class: "writing-row" }, button(label, run, "button"), ...more, button(this.texts("close"), () => this.close()));
    this.element.append(row);
    return row;
  }
}

function link(panel) {
  const { editor, texts } = panel;
  const before = editor.getAttributes("link").href || "";
  const address = panel.field(texts("address"), before, texts("address-hint"));
  const remove = before ? button(texts("unlink"), () => {
    editor.chain().extendMarkRange("link").unsetMark("link").run();
    panel.close();
  }) : null;
  panel.buttons(texts("put"), () => {
    const typed = address.input.value.trim();
    const href = safeLink(/^www\./i.test(typed) ? "https://" + typed : /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(typed) ? "mailto:" + typed : typed);
    if (!href) return address.refuse(texts("bad-address"));
    const chain = editor.chain();
    if (before) chain.extendMarkRange("link");
    if (editor.state.selection.empty && !before) chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setMark("link", { href }).run();
    panel.close();
  }, ...(remove ? [remove] : []));
}

function caption(panel) {
  const { editor, texts } = panel;
  const field = panel.field(texts("caption-of-table"), captionText(editor.state));
  panel.buttons(texts("put"), () => {
    setCaption(editor, field.input.value.trim());
    panel.close();
  });
}

function keys(panel) {
  const { texts } = panel;
  const rows = KEYED.map((one) => [texts(one.name), shown(one.key)]);
  rows.push([texts("save"), shown("Mod-s")], [texts("to-toolbar"), "Alt+F10"], [texts("leave"), "Tab"], [texts("between-cells"), "Tab, " + shown("Shift-Tab")], [texts("line-break"), shown("Shift-Enter")]);
  const list = element("dl", { class: "writing-keys" });
  rows.forEach(([what, how]) => list.append(element("div", {}, element("dt", {}, what), element("dd", {}, element("kbd", {}, how)))));
  panel.element.append(list);
  panel.buttons(texts("back"), () => panel.close());
  panel.element.querySelector(".writing-row").lastChild.remove();
}
