// Pasted HTML, whatever it comes from, as an article's own elements, and what could not be taken.
import { encodingOf } from "./encodings.js";
import { unstyled } from "./html.js";
import { Lists, kindOf, levelOf } from "./numbering.js";
import { isOwn } from "./pictures.js";
import { marksWithin, sheetOf, styleOf } from "./styles.js";
import { safeLink, tidy } from "./text.js";

const UNSAID = /^(style|script|meta|link|title|template|xml|colgroup|col|noscript|head)$/;
const OBJECTS = /^(object|embed|iframe|video|audio|svg|canvas|math|applet|input|select|textarea|button)$/;
const TEXTS = /^(p|h[1-6]|pre|address|dt|dd|figcaption|legend|summary)$/;
const HOLDERS = /^(div|section|article|main|header|footer|aside|nav|center|form|fieldset|figure|dl|details|body|hgroup)$/;
const MARKS = ["sup", "sub", "s", "u", "em", "strong"];

// { html, left: { pictures, objects, deleted, remarks }, from: "word" | "excel" | "", isChanged, isEncoded }
export function clean(html) {
  const cleaner = new Cleaner(html);
  return { html: cleaner.html(), left: cleaner.left, from: sourceOf(html), isChanged: cleaner.isChanged, isEncoded: cleaner.isEncoded };
}

function sourceOf(html) {
  if (/schemas-microsoft-com:office:excel|content=["']?(Microsoft )?Excel/i.test(html)) return "excel";
  return /schemas-microsoft-com:office:word|class=["']?Mso|\bmso-/i.test(html) ? "word" : "";
}

class Cleaner {
  constructor(html) {
    this.left = { pictures: 0, links: 0, objects: 0, deleted: 0, remarks: 0 };
    this.isChanged = false;
    this.isEncoded = false;
    this.sheet = sheetOf(html);
    this.source = new DOMParser().parseFromString(unstyled(html.replace(/<style[^>]*>[\s\S]*?<\/style>/gi, "")), "text/html");
    this.document = document.implementation.createHTMLDocument("");
    this.lower = this.source.querySelector("h1") ? 1 : 0;
  }

  html() {
    this.within(this.source.body, {}, this.document.body, false);
    return this.document.body.innerHTML;
  }

  within(element, marks, parent, isBare) {
    const sink = new Sink(parent, isBare);
    this.children(element, marks, sink);
    sink.close();
  }

  children(element, marks, sink) {
    element.childNodes.forEach((child) => {
      if (child.nodeType === 3) this.text(child.data, marks, sink);
      else if (child.nodeType === 1) this.element(child, marks, sink);
    });
  }

  text(data, marks, sink) {
    let text = tidy(data).replace(/[ \t\r\n\f]+/g, " ").replace(/[ \u00a0]{2,}/g, " ");
    if (!text || (!sink.paragraph && !text.trim())) return;
    let node = this.document.createTextNode(text);
    const wrap = (tag, name, value) => {
      const around = this.document.createElement(tag);
      if (name) around.setAttribute(name, value);
      around.appendChild(node);
      node = around;
    };
    MARKS.filter((name) => marks[name]).forEach((name) => wrap(name));
    if (marks.encoding && /[^\x00-\x7f]/.test(text.replace(/\u00a0/g, ""))) {
      wrap("span", "data-encoding", marks.encoding);
      this.isEncoded = true;
    }
    if (marks.href) wrap("a", "href", marks.href);
    sink.inline().appendChild(node);
  }

  // What a link of the pasted page leads to, "" where no link of ours can lead there: that is told, but for links within the page.
  address(said) {
    const address = safeLink(said);
    if (said && !address && said[0] !== "#") this.left.links += 1;
    return address;
  }

  element(element, around, sink) {
    const tag = element.localName;
    const style = styleOf(element, this.sheet);
    if (this.isLeftOut(element, tag, style)) return;
    if (element.attributes.length && (element.hasAttribute("data-css") || element.hasAttribute("class") || tag === "font")) this.isChanged = true;
    const marks = marksWithin(element, style, around);
    if (style["font-family"]) marks.encoding = encodingOf(style["font-family"]);
    if (tag === "a") marks.href = this.address(element.getAttribute("href") || "");
    if (tag === "br") this.lineBreak(style, sink);
    else if (tag === "img") this.picture(element, sink);
    else if (tag === "hr") sink.block(this.document.createElement("hr"));
    else if (tag === "table") this.table(element, marks, sink);
    else if (tag === "ul" || tag === "ol") this.list(element, style, marks, sink);
    else if (tag === "li" || tag === "blockquote") this.within(element, marks, sink.block(this.document.createElement(tag === "li" ? "div" : tag)), false);
    else if (TEXTS.test(tag)) this.paragraph(element, tag, style, marks, sink);
    else if (HOLDERS.test(tag)) {
      sink.close();
      this.children(element, marks, sink);
      sink.close();
    } else this.children(element, marks, sink);
  }

  isLeftOut(element, tag, style) {
    if (UNSAID.test(tag) || /^(x|w|m|st1):/.test(tag)) return true;
    if (tag === "o:p" && !element.textContent.trim()) return true;
    if (tag === "del" || /\bmsodel\b/i.test(element.className)) return this.leave("deleted");
    if (/comment-list/.test(style["mso-element"] || "")) return true;
    if (/\bmsocomanchor\b/i.test(element.className)) return this.leave("remarks");
    if (OBJECTS.test(tag)) return this.leave("objects");
    return isHidden(style) || /ignore/i.test(style["mso-list"] || "");
  }

  leave(what) {
    this.left[what]++;
    return true;
  }

  lineBreak(style, sink) {
    if (style["page-break-before"] || style["mso-break-type"]) sink.close();
    else if (sink.paragraph) sink.paragraph.appendChild(this.document.createElement("br"));
  }

  picture(element, sink) {
    const src = element.getAttribute("src") || "";
    if (!isOwn(src) || !/^\/anh\//.test(src) || !(element.getAttribute("alt") || "").trim()) {
      this.left.pictures++;
      return;
    }
    const figure = sink.block(this.document.createElement("figure"));
    figure.appendChild(element.cloneNode(false));
  }

  paragraph(element, tag, style, marks, sink) {
    const level = levelOf(style);
    const marker = level && Array.from(element.querySelectorAll("[data-css]")).find((one) => /mso-list:\s*ignore/i.test(one.getAttribute("data-css")));
    const kind = marker ? kindOf(marker.textContent, sink.lists.before(level)) : null;
    if (kind && !/^h/.test(tag)) {
      sink.close();
      this.within(element, marks, sink.lists.item(level, kind), true);
      return;
    }
    sink.open(this.nameOf(tag, style));
    if (marker) this.text(marker.textContent.replace(/\u00a0/g, " ").trim() + " ", marks, sink); // "1.1." is no list of HTML: it stays as it is printed
    this.children(element, marks, sink);
    sink.close();
  }

  nameOf(tag, style) {
    const outline = Number(style["mso-outline-level"]);
    const level = /^h/.test(tag) ? Number(tag[1]) + this.lower : outline >= 1 && outline <= 6 ? outline + 1 : 0;
    return level ? "h" + Math.min(Math.max(level, 2), 4) : "p";
  }

  list(element, style, marks, sink) {
    const list = sink.block(this.document.createElement(element.localName));
    const named = { "upper-roman": "I", "lower-roman": "i", "upper-alpha": "A", "upper-latin": "A", "lower-alpha": "a", "lower-latin": "a" };
    const type = element.getAttribute("type") || named[(style["list-style-type"] || "").toLowerCase()];
    if (element.localName === "ol") {
      if (/^[aAiI]$/.test(type || "")) list.setAttribute("type", type);
      if (/^\d+$/.test(element.getAttribute("start") || "") && element.getAttribute("start") !== "1") list.setAttribute("start", element.getAttribute("start"));
    }
    let item = null;
    element.childNodes.forEach((child) => {
      if (child.nodeType !== 1 && !(child.nodeType === 3 && child.data.trim())) return;
      if (child.localName === "li" || !item) item = new Sink(list.appendChild(this.document.createElement("li")), true);
      if (child.localName === "li") this.children(child, marksWithin(child, styleOf(child, this.sheet), marks), item);
      else if (child.nodeType === 1) this.element(child, marks, item);
      else this.text(child.data, marks, item);
      item.close();
    });
    if (!list.firstChild) list.remove();
  }

  table(element, marks, sink) {
    const rows = Array.from(element.querySelectorAll("tr")).filter((row) => row.closest("table") === element && row.cells.length && !isHidden(styleOf(row, this.sheet)));
    if (!rows.length) return this.children(element, marks, sink);
    const table = sink.block(this.document.createElement("table"));
    if (element.caption && element.caption.textContent.trim()) table.createCaption().textContent = tidy(element.caption.textContent).trim();
    rows.forEach((row) => {
      const made = table.appendChild(this.document.createElement("tr"));
      made.setAttribute("data-part", "");
      Array.from(row.cells).forEach((cell) => this.cell(cell, marks, made));
    });
  }

  cell(cell, around, row) {
    const made = row.appendChild(this.document.createElement(cell.localName));
    ["colspan", "rowspan"].forEach((name) => {
      const many = Math.min(Number(cell.getAttribute(name)) || 1, 1000);
      if (many > 1) made.setAttribute(name, many);
    });
    const style = styleOf(cell, this.sheet);
    const marks = marksWithin(cell, { ...style, "vertical-align": "" }, around);
    if (style["font-family"]) marks.encoding = encodingOf(style["font-family"]);
    this.within(cell, marks, made, true);
  }
}

function isHidden(style) {
  return style.display === "none" || style["mso-hide"] === "all";
}

// Where cleaned content goes: blocks one after the other, and a paragraph while inline content comes.
class Sink {
  constructor(parent, isBare) {
    this.parent = parent;
    this.isBare = isBare;
    this.paragraph = null;
    this.lists = new Lists(parent);
  }

  open(tag) {
    this.close();
    this.paragraph = this.parent.appendChild(this.parent.ownerDocument.createElement(tag));
    if (tag === "p" && this.isBare) this.paragraph.setAttribute("data-bare", "");
  }

  inline() {
    if (!this.paragraph) this.open("p");
    return this.paragraph;
  }

  close() {
    if (this.paragraph) {
      trim(this.paragraph);
      if (this.paragraph.firstChild) this.lists = new Lists(this.parent);
      else this.paragraph.remove();
    }
    this.paragraph = null;
  }

  block(element) {
    this.close();
    this.lists = new Lists(this.parent);
    return this.parent.appendChild(element);
  }
}

// No blanks and no line breaks at either end.
function trim(paragraph) {
  for (const side of ["firstChild", "lastChild"]) {
    for (let node = paragraph[side]; node; node = paragraph[side]) {
      let leaf = node;
      while (leaf[side]) leaf = leaf[side];
      if (leaf.nodeType === 3) leaf.data = side === "firstChild" ? leaf.data.replace(/^[\s\u00a0]+/, "") : leaf.data.replace(/[\s\u00a0]+$/, "");
      if (leaf.nodeType === 3 && leaf.data) break;
      node.remove();
    }
  }
}
