// A toolbar after the pattern of the ARIA guide: one stop for Tab, arrows within, Home and End.
import { shown, spoken } from "./actions.js";
import { icon } from "./icons.js";
import { element } from "./notices.js";

export class Toolbar {
  constructor({ groups, label, texts, editor, open, name }) {
    this.editor = editor;
    this.pairs = [];
    this.element = element("div", { role: "toolbar", "aria-label": label, class: "writing-tools " + name });
    groups.forEach((group) => {
      const holder = this.element.appendChild(element("div", { class: "writing-group" }));
      group.forEach((action) => holder.appendChild(this.button(action, texts, open)));
    });
    this.rove(this.pairs[0].button);
    this.element.addEventListener("keydown", (event) => this.move(event));
    this.element.addEventListener("focusin", (event) => this.rove(event.target));
  }

  button(action, texts, open) {
    const label = texts(action.name);
    const face = action.face === "keys" ? texts("keys") : action.face;
    const button = element("button", {
      type: "button",
      class: "writing-tool writing-face-" + action.name,
      tabindex: "-1",
      "aria-label": label,
      title: action.key ? label + " (" + shown(action.key) + ")" : label,
      "aria-keyshortcuts": action.key ? spoken(action.key) : null,
      "aria-haspopup": action.opens ? "dialog" : null,
      "aria-expanded": action.opens ? "false" : null,
    });
    button.append(face ? element("span", { "aria-hidden": "true" }, face) : icon(action.name));
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps its selection
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      if (action.opens) open(action.opens, button);
      else action.run(this.editor);
    });
    this.pairs.push({ action, button });
    return button;
  }

  move(event) {
    const buttons = this.pairs.map((pair) => pair.button);
    const place = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape") this.editor.commands.focus();
    else if (to !== undefined) buttons[(to + buttons.length) % buttons.length].focus();
    else return;
    event.preventDefault();
  }

  rove(to) {
    this.pairs.forEach(({ button }) => button.setAttribute("tabindex", button === to ? "0" : "-1"));
  }

  focus() {
    this.pairs.find(({ button }) => button.tabIndex === 0).button.focus();
  }

  show() {
    this.pairs.forEach(({ action, button }) => {
      if (action.isOn && !action.opens) button.setAttribute("aria-pressed", String(action.isOn(this.editor)));
      else if (action.isOn) button.classList.toggle("on", action.isOn(this.editor));
      if (action.can) button.setAttribute("aria-disabled", String(!action.can(this.editor)));
    });
  }
}
