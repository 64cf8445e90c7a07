// The pictures that may be put in: a list from the server, a description that must be there, a caption that may.
import { describeFigure, figureAt, isOwn, putFigure } from "./pictures.js";
import { button, element } from "./notices.js";

export function pictures(panel) {
  const { editor } = panel;
  const found = figureAt(editor.state);
  if (found) describe(panel, found.node.attrs.alt);
  else choose(panel);
}

function described(panel, field) {
  const alt = field.input.value.trim();
  if (!alt) field.refuse(panel.texts("alt-needed"));
  return alt;
}

function describe(panel, before) {
  const { editor, texts } = panel;
  const alt = panel.field(texts("alt"), before);
  panel.buttons(texts("put"), () => {
    if (!described(panel, alt)) return;
    describeFigure(editor, alt.input.value.trim());
    panel.close();
  });
}

function choose(panel) {
  const { texts } = panel;
  const list = element("div", { class: "writing-pictures", role: "radiogroup", "aria-label": texts("pictures") });
  const said = element("p", { role: "status", class: "meta" }, texts("loading"));
  panel.element.append(said, list);
  const rest = panel.buttons(texts("put"), () => undefined);
  rest.firstChild.hidden = true;
  rest.lastChild.focus();
  fetch(panel.picturesUrl, { credentials: "same-origin", headers: { Accept: "application/json" } }).then((answer) => {
    if (!answer.ok) throw answer;
    return answer.json();
  }).then((all) => {
    const offered = all.filter((one) => isOwn(one.url));
    said.textContent = offered.length ? texts("choose-picture") : texts("no-pictures");
    offered.forEach((one, place) => list.append(choice(panel, one, place, () => fill(panel, one, rest))));
    if (offered.length && rest.contains(document.activeElement)) list.querySelector("input").focus();
  }, () => {
    said.textContent = texts("no-list");
  });
}

function choice(panel, one, place, pick) {
  const name = "writing-picture-" + place;
  const radio = element("input", { type: "radio", id: name, name: "writing-picture", form: "writing-none" }); // not sent with the article
  radio.addEventListener("change", pick);
  const image = element("img", { src: isOwn(one.thumb) ? one.thumb : one.url, alt: "", loading: "lazy" });
  return element("div", { class: "writing-picture" }, radio, element("label", { for: name }, image, element("span", {}, one.alt || one.caption || panel.texts("picture") + " " + (place + 1))));
}

function fill(panel, one, rest) {
  const { editor, texts } = panel;
  panel.element.querySelectorAll(".field").forEach((old) => old.remove());
  const alt = panel.field(texts("alt"), one.alt, texts("alt-hint"));
  const caption = panel.field(texts("caption"), one.caption);
  panel.element.append(rest);
  rest.firstChild.hidden = false;
  rest.firstChild.replaceWith(button(texts("put-picture"), put, "button"));
  panel.submit = put;
  function put() {
    const said = described(panel, alt);
    if (!said) return;
    panel.close();
    putFigure(editor, { ...one, alt: said, caption: caption.input.value.trim() });
  }
}
