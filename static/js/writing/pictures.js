// Pictures: a figure of an address of our own, a description that is never empty, and a caption that is typed in place.
import { Node } from "@tiptap/core";
import { NodeSelection, TextSelection } from "@tiptap/pm/state";

function attribute(name) {
  return { default: null, rendered: false, parseHTML: (element) => (element.nodeName === "IMG" ? element : element.querySelector("img")).getAttribute(name) };
}

export function isOwn(address) {
  return typeof address === "string" && /^\/(?![\\/])/.test(address);
}

export function figure(texts) {
  return Node.create({
    name: "figure",
    group: "block",
    content: "inline*",
    isolating: true,
    defining: true,
    addAttributes: () => ({ src: attribute("src"), alt: attribute("alt"), width: attribute("width"), height: attribute("height") }),
    parseHTML: () => [
      {
        tag: "figure",
        getAttrs: (element) => (element.querySelector("img") ? null : false),
        contentElement: (element) => element.querySelector("figcaption") || element.ownerDocument.createElement("figcaption"),
      },
      { tag: "img", getAttrs: (element) => (isOwn(element.getAttribute("src")) ? null : false) },
    ],
    renderHTML({ node: { attrs } }) {
      const said = Object.entries(attrs).filter(([, value]) => value !== null);
      return ["figure", ["img", Object.fromEntries(said)], ["figcaption", 0]];
    },
    addNodeView: () => ({ node, editor, getPos }) => new FigureView(node, editor, getPos, texts),
    addKeyboardShortcuts() {
      return { Enter: () => leaveBelow(this.editor) };
    },
  });
}

class FigureView {
  constructor(node, editor, getPos, texts) {
    this.dom = document.createElement("figure");
    this.image = this.dom.appendChild(document.createElement("img"));
    this.image.addEventListener("mousedown", (event) => {
      event.preventDefault();
      editor.view.dispatch(editor.state.tr.setSelection(NodeSelection.create(editor.state.doc, getPos())));
      editor.view.focus();
    });
    this.bad = this.dom.appendChild(document.createElement("p"));
    this.bad.className = "writing-bad";
    this.bad.contentEditable = "false";
    this.bad.textContent = texts("alt-missing");
    this.contentDOM = this.dom.appendChild(document.createElement("figcaption"));
    this.contentDOM.setAttribute("data-hint", texts("caption"));
    this.update(node);
  }

  update(node) {
    if (node.type.name !== "figure") return false;
    ["src", "alt", "width", "height"].forEach((name) => {
      const value = name === "src" && !isOwn(node.attrs.src) ? null : node.attrs[name];
      if (value === null) this.image.removeAttribute(name);
      else if (this.image.getAttribute(name) !== value) this.image.setAttribute(name, value);
    });
    this.bad.hidden = Boolean((node.attrs.alt || "").trim());
    this.contentDOM.classList.toggle("empty", node.content.size === 0);
    return true;
  }

  ignoreMutation(record) {
    return record.type !== "selection" && !this.contentDOM.contains(record.target);
  }
}

function leaveBelow(editor) {
  const { $from, node } = editor.state.selection;
  const isCaption = $from.parent.type.name === "figure";
  if (!isCaption && !(node && node.type.name === "figure")) return false;
  const place = isCaption ? $from.after() : editor.state.selection.to;
  const tr = editor.state.tr.insert(place, editor.schema.nodes.paragraph.create());
  editor.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, place + 1)).scrollIntoView());
  return true;
}

// The figure that is chosen or whose caption holds the cursor, as { pos, node }; null elsewhere.
export function figureAt(state) {
  const { $from, node } = state.selection;
  if (node && node.type.name === "figure") return { pos: state.selection.from, node };
  return $from.parent.type.name === "figure" ? { pos: $from.before(), node: $from.parent } : null;
}

export function putFigure(editor, { url, alt, caption, width, height }) {
  const content = caption ? [{ type: "text", text: caption }] : [];
  const attrs = { src: url, alt, width: width ? String(width) : null, height: height ? String(height) : null };
  editor.chain().focus().insertContent({ type: "figure", attrs, content }).run();
}

export function describeFigure(editor, alt) {
  const found = figureAt(editor.state);
  editor.view.dispatch(editor.state.tr.setNodeMarkup(found.pos, null, { ...found.node.attrs, alt }));
  editor.commands.focus();
}
