// What comes in from outside: cleaned, in normal form, and told in one sentence. Old encodings wait for an answer.
import { Extension } from "@tiptap/core";
import { closeHistory } from "@tiptap/pm/history";
import { Plugin } from "@tiptap/pm/state";
import { clean } from "./clean.js";
import { toUnicode } from "./encodings.js";
import { unstyled } from "./html.js";
import { filled, tidy } from "./text.js";

const KINDS = ["pictures", "links", "objects", "deleted", "remarks"];

export function incoming(texts, notices) {
  return Extension.create({
    name: "incoming",
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          transformPastedText: tidy,
          transformPastedHTML(html) {
            if (/\sdata-pm-slice=/.test(html)) return unstyled(html); // copied from an editor like this: the schema suffices
            const found = clean(html);
            notices.say(told(found, texts));
            return found.html;
          },
          handlePaste: (view, event) => refuseFiles(event.clipboardData, texts, notices),
          handleDrop: (view, event) => refuseFiles(event.dataTransfer, texts, notices),
        },
        appendTransaction: (transactions, before, state) => (transactions.some((one) => one.docChanged) ? tidied(before, state) : null),
      }),
      encodings(texts, notices),
    ],
  });
}

function told({ from, isChanged, left }, texts) {
  const parts = KINDS.filter((kind) => left[kind]).map((kind) => texts("left-" + kind) + " " + left[kind]);
  const cleaned = from ? texts("cleaned-" + from) : isChanged ? texts("cleaned") : "";
  return [cleaned, parts.length ? filled(texts("left"), parts.join(", ")) : ""].filter(Boolean).join(" ");
}

function refuseFiles(data, texts, notices) {
  if (!data || !data.files || !data.files.length || data.types.includes("text/html") || data.types.includes("text/plain")) return false;
  notices.say(texts("no-files"));
  return true;
}

// Typed letters become normal form C as soon as their marks are there; while an input method composes, it is left alone.
function tidied(before, state) {
  const start = before.doc.content.findDiffStart(state.doc.content);
  if (start === null) return null;
  const end = before.doc.content.findDiffEnd(state.doc.content);
  const tr = state.tr;
  state.doc.nodesBetween(start, Math.min(Math.max(end.b, start + 1), state.doc.content.size), (node, place) => {
    if (!node.isText || node.text === tidy(node.text)) return;
    const text = tidy(node.text);
    const from = tr.mapping.map(place);
    if (text) tr.replaceWith(from, from + node.nodeSize, state.schema.text(text, node.marks));
    else tr.delete(from, from + node.nodeSize);
  });
  return tr.docChanged ? tr.setMeta("addToHistory", true) : null;
}

function encodings(texts, notices) {
  return new Plugin({
    view: () => ({
      update(view, before) {
        if (view.state.doc === before.doc) return;
        const found = encodedRuns(view.state);
        if (!found.length) return notices.stopAsking();
        const name = found[0].encoding === "vni" ? "vni" : "tcvn3";
        notices.ask(texts("encoding-" + name), [
          [texts("to-unicode"), () => settle(view, true)],
          [texts("keep-encoding"), () => settle(view, false)],
        ]);
      },
    }),
  });
}

function encodedRuns(state) {
  const runs = [];
  state.doc.descendants((node, place) => {
    const mark = node.isText && node.marks.find((one) => one.type.name === "oldEncoding");
    if (mark) runs.push({ place, node, encoding: mark.attrs.encoding });
  });
  return runs;
}

function settle(view, isConverted) {
  const { state } = view;
  const tr = state.tr;
  encodedRuns(state).reverse().forEach(({ place, node, encoding }) => {
    const marks = node.marks.filter((one) => one.type.name !== "oldEncoding");
    const text = isConverted ? toUnicode(node.text, encoding) : node.text;
    tr.replaceWith(place, place + node.nodeSize, state.schema.text(text, marks));
  });
  view.dispatch(closeHistory(tr)); // a step of its own: undone alone
  view.focus();
}
