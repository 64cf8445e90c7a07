// What a reader chose for this browser: the size of letters, and light or dark. It runs before anything is painted, so that
// nothing changes afterwards. The choice stays here (localStorage): no server learns of it.
(function () {
  "use strict";

  var ALLOWED = { text: ["s", "", "l", "xl"], scheme: ["", "light", "dark"] };
  var root = document.documentElement;
  var night = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen(name) {
    return root.getAttribute("data-" + name) || "";
  }

  function apply(name, value) {
    if (value) root.setAttribute("data-" + name, value);
    else root.removeAttribute("data-" + name);
  }

  function keep(name, value) {
    apply(name, value);
    try {
      if (value) localStorage.setItem(name, value);
      else localStorage.removeItem(name);
    } catch (error) { // storage is blocked: it holds for this page
    }
    show();
  }

  function recall() {
    Object.keys(ALLOWED).forEach(function (name) {
      try {
        var value = localStorage.getItem(name) || "";
        if (ALLOWED[name].indexOf(value) >= 0) apply(name, value);
      } catch (error) { // storage is blocked: what was pressed on this page stands
      }
    });
  }

  function isDark() {
    return chosen("scheme") ? chosen("scheme") === "dark" : night.matches;
  }

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  // The buttons say what is chosen; those that can go no further say so, and keep the focus.
  function show() {
    var size = ALLOWED.text.indexOf(chosen("text"));
    each("[data-dark]", function (button) {
      button.setAttribute("aria-pressed", isDark());
    });
    each("[data-step]", function (button) {
      var step = Number(button.getAttribute("data-step"));
      if (step) button.setAttribute("aria-disabled", !(size + step in ALLOWED.text));
      else button.setAttribute("aria-pressed", size === 1);
    });
  }

  function press(event) {
    var button = event.target.closest && event.target.closest("[data-step], [data-dark]");
    if (!button) return;
    if (button.hasAttribute("data-dark")) {
      keep("scheme", isDark() ? "light" : "dark");
      return;
    }
    var step = Number(button.getAttribute("data-step"));
    var size = step ? ALLOWED.text.indexOf(chosen("text")) + step : 1;
    if (size in ALLOWED.text) keep("text", ALLOWED.text[size]);
    tell(button.parentNode);
  }

  // For the ear: "Cỡ chữ: 119%".
  function tell(group) {
    var usual = 16;
    var percent = Math.round(parseFloat(getComputedStyle(root).fontSize) / usual * 100);
    group.querySelector("[role=status]").textContent = group.getAttribute("aria-label") + ": " + percent + "%";
  }

  recall();
  root.setAttribute("data-choices", "");
  document.addEventListener("click", press);
  document.addEventListener("DOMContentLoaded", show);
  window.addEventListener("pageshow", function (event) { // back from the browser's memory: it may have been changed elsewhere
    if (event.persisted) {
      recall();
      show();
    }
  });
  if (night.addEventListener) night.addEventListener("change", show);
})();
