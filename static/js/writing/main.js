// Puts the editor in the place of each <textarea data-editor>; without this script the textarea with its HTML serves.
import "./floor.js";
import { Writing } from "./editor.js";

const mounted = new Map();

function texts() {
  const said = {};
  document.getElementById("editor-texts").content.querySelectorAll("[data-text]").forEach((one) => {
    said[one.getAttribute("data-text")] = one.textContent;
  });
  return (name) => said[name] || name;
}

function mount() {
  mounted.forEach((writing, textarea) => {
    if (document.contains(textarea)) return;
    writing.editor.destroy();
    mounted.delete(textarea);
  });
  document.querySelectorAll("textarea[data-editor]").forEach((textarea) => {
    if (!mounted.has(textarea)) mounted.set(textarea, new Writing(textarea, texts()));
  });
}

mount();
document.addEventListener("htmx:after:swap", mount);
