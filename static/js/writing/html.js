// The body as HTML, as the server keeps it; what was stored and not touched is written as it was.
import { DOMSerializer } from "@tiptap/pm/model";
import { groupRows } from "./tables.js";

const detached = document.implementation.createHTMLDocument("");
const written = new WeakMap(); // nodes never change, so a block that nobody touched is written once

// HTML whose styles and event handlers are mere data: a parser that meets them reports to the Content Security Policy, even where
// nothing is shown or run.
export function unstyled(html) {
  return html.replace(/<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi, (tag) => tag.replace(/([\s"'/])style(\s*=)/gi, "$1data-css$2").replace(/([\s"'/])(on[a-z]+\s*=)/gi, "$1data-$2"));
}

export function bodyOf(doc) {
  const blocks = [];
  doc.forEach((node) => blocks.push(blockOf(node)));
  while (blocks.length && blocks[blocks.length - 1] === "<p></p>") blocks.pop();
  return blocks.join("\n");
}

function blockOf(node) {
  if (!written.has(node)) {
    const holder = detached.createElement("div");
    holder.appendChild(DOMSerializer.fromSchema(node.type.schema).serializeNode(node, { document: detached }));
    holder.querySelectorAll("table").forEach(groupRows);
    holder.querySelectorAll("span[data-encoding]").forEach(unwrap);
    holder.querySelectorAll("ol").forEach((list) => list.removeAttribute("data-kind"));
    holder.querySelectorAll("figcaption:empty").forEach((caption) => caption.remove());
    const bare = Array.from(holder.querySelectorAll("p[data-bare]"));
    bare.filter(isAlone).forEach(unwrap);
    bare.forEach((paragraph) => paragraph.removeAttribute("data-bare"));
    written.set(node, holder.innerHTML);
  }
  return written.get(node);
}

function isAlone(paragraph) {
  const isBare = (other) => other && other.nodeName === "P" && other.hasAttribute("data-bare");
  return /^(LI|TD|TH)$/.test(paragraph.parentNode.nodeName) && !isBare(paragraph.previousSibling) && !isBare(paragraph.nextSibling);
}

export function unwrap(element) {
  element.replaceWith(...element.childNodes);
}
