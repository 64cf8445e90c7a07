// What an article's body may hold: the elements of portal/core/html.py, and one mark more for text in an old encoding.
import { Mark, Node } from "@tiptap/core";
import { safeLink } from "./text.js";

function mark(name, tags) {
  return Mark.create({ name, parseHTML: () => tags.map((tag) => ({ tag })), renderHTML: () => [tags[0], 0] });
}

const Document = Node.create({ name: "doc", topNode: true, content: "block+" });
const Text = Node.create({ name: "text", group: "inline" });

// `isWritten`: the element stood in the HTML. In a list's item or a table's cell, a paragraph that did not is written without.
const Paragraph = Node.create({
  name: "paragraph",
  group: "block",
  content: "inline*",
  priority: 1000,
  addAttributes: () => ({ isWritten: { default: false, parseHTML: (element) => !element.hasAttribute("data-bare"), rendered: false } }),
  parseHTML: () => [{ tag: "p" }],
  renderHTML: ({ node }) => ["p", node.attrs.isWritten ? {} : { "data-bare": "" }, 0],
});

const Heading = Node.create({
  name: "heading",
  group: "block",
  content: "inline*",
  defining: true,
  addAttributes: () => ({ level: { default: 2, rendered: false } }),
  parseHTML: () => [2, 3, 4].map((level) => ({ tag: "h" + level, attrs: { level } })),
  renderHTML: ({ node }) => ["h" + node.attrs.level, 0],
});

const Blockquote = Node.create({
  name: "blockquote",
  group: "block",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "blockquote" }],
  renderHTML: () => ["blockquote", 0],
});

const Rule = Node.create({ name: "rule", group: "block", parseHTML: () => [{ tag: "hr" }], renderHTML: () => ["hr"] });

const LineBreak = Node.create({
  name: "lineBreak",
  group: "inline",
  inline: true,
  selectable: false,
  linebreakReplacement: true,
  parseHTML: () => [{ tag: "br" }],
  renderHTML: () => ["br"],
  renderText: () => "\n",
});

const BulletList = Node.create({
  name: "bulletList",
  group: "block list",
  content: "listItem+",
  parseHTML: () => [{ tag: "ul" }],
  renderHTML: () => ["ul", 0],
});

// Stylesheets cannot tell type="a" from type="A"; the editor's reads data-kind, which is not written.
const KINDS = { a: "lower-alpha", A: "upper-alpha", i: "lower-roman", I: "upper-roman" };

const OrderedList = Node.create({
  name: "orderedList",
  group: "block list",
  content: "listItem+",
  addAttributes: () => ({ start: { default: null }, type: { default: null } }),
  parseHTML: () => [{ tag: "ol" }],
  renderHTML: ({ HTMLAttributes }) => ["ol", { ...HTMLAttributes, "data-kind": KINDS[HTMLAttributes.type] || "decimal" }, 0],
});

const ListItem = Node.create({
  name: "listItem",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "li" }],
  renderHTML: () => ["li", 0],
});

const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  exitable: true,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [{
    tag: "a[href]",
    getAttrs(element) {
      const href = element.getAttribute("href");
      return safeLink(href) ? { href } : false;
    },
  }],
  renderHTML: ({ mark: { attrs } }) => ["a", safeLink(attrs.href || "") ? { href: attrs.href, rel: "noopener" } : {}, 0],
});

const OldEncoding = Mark.create({
  name: "oldEncoding",
  inclusive: false,
  addAttributes: () => ({ encoding: { default: null, parseHTML: (element) => element.getAttribute("data-encoding"), rendered: false } }),
  parseHTML: () => [{ tag: "span[data-encoding]" }],
  renderHTML: ({ mark: { attrs } }) => ["span", { "data-encoding": attrs.encoding }, 0],
});

export const SCHEMA = [
  Document, Text, Paragraph, Heading, Blockquote, Rule, LineBreak, BulletList, OrderedList, ListItem, Link, OldEncoding,
  mark("strong", ["strong", "b"]), mark("em", ["em", "i"]), mark("u", ["u"]), mark("s", ["s"]), mark("sub", ["sub"]), mark("sup", ["sup"]),
];
