// The page for writing: what is typed is saved by itself, one save after the other. Without a connection it stays in this
// browser (js/staff.js keeps it) and is sent when it can be.
(function () {
  "use strict";

  var FIRST_MS = 2000;
  var LONGEST_MS = 60000;
  var UNTOLD = ["state", "token", "base", "key", "noticed", "kept_marks"]; // what a save carries beside the text
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.htmx) return;
  var trouble = form.querySelector("[data-trouble]");
  var bar = form.querySelector("[data-bar-of-piece]");
  var seen = document.querySelector("form[data-seen]");
  var saved = typed(); // what the server has
  var sent = null; // what is under way
  var next = null; // the button that waits for it
  var isByHand = false;
  var isOver = false; // this page can save no more
  var pause = FIRST_MS;
  var timer = null;

  function typed() {
    return JSON.stringify(Array.from(new FormData(form)).filter(function (one) { return UNTOLD.indexOf(one[0]) < 0; }));
  }

  function say(sentence) {
    if (trouble.textContent !== sentence) trouble.textContent = sentence;
  }

  function ask(element, what) {
    element.dispatchEvent(new Event(what, { bubbles: false }));
  }

  function save() {
    clearTimeout(timer);
    if (!isOver) ask(form, "again");
  }

  function tryLater(sentence) {
    say(sentence);
    clearTimeout(timer);
    timer = setTimeout(save, pause);
    pause = Math.min(2 * pause, LONGEST_MS);
  }

  function end(sentence) {
    isOver = true;
    say(sentence);
  }

  // --- One save. What is sent is what stands in the form when it leaves, not when it was asked for.
  form.addEventListener("htmx:before:request", function (event) {
    var ctx = event.detail.ctx;
    var now = typed();
    if (ctx.sourceElement !== form) return;
    if (isOver || (now === saved && !isByHand)) {
      event.preventDefault();
      return;
    }
    ctx.request.body = new FormData(form);
    if (isByHand) ctx.request.body.set("by_hand", "1");
    isByHand = false;
    sent = now;
    var line = form.querySelector("[data-saved]");
    if (line) line.textContent = form.getAttribute("data-sending");
  });

  form.addEventListener("htmx:finally:request", function (event) {
    var ctx = event.detail.ctx;
    if (ctx.sourceElement !== form || sent === null) return;
    var status = ctx.response ? ctx.response.status : 0;
    var text = sent;
    sent = null;
    if (status === 200) done(text);
    else if (status === 401) end(form.getAttribute("data-ended"));
    else if (status === 422) say("");
    else if (status === 0) tryLater(form.getAttribute("data-offline"));
    else if (status >= 500 || status === 429) tryLater(form.getAttribute("data-later"));
    else end(form.getAttribute("data-stale"));
    if (status === 401) document.dispatchEvent(new Event("session-over"));
    goOn(status);
  });

  function done(text) {
    saved = text;
    pause = FIRST_MS;
    clearTimeout(timer);
    say("");
    show();
  }

  function goOn(status) {
    var button = next;
    next = null;
    if (button && status === 200) button.click();
    else if (status === 200 && typed() !== saved) save();
  }

  // --- By hand in place; what leads on to another page waits until nothing is under way.
  form.addEventListener("submit", function (event) {
    var button = event.submitter || document.activeElement;
    if (button && button.hasAttribute("data-save")) {
      event.preventDefault();
      isByHand = true;
      save();
    } else if (sent !== null) {
      event.preventDefault();
      next = button;
    } else if (navigator.onLine === false) {
      event.preventDefault();
      tryLater(form.getAttribute("data-offline"));
    }
  });
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.querySelector("[data-save]").click();
  });

  window.addEventListener("online", function () {
    pause = FIRST_MS;
    save();
  });
  window.addEventListener("offline", function () {
    if (!isOver) say(form.getAttribute("data-offline"));
  });

  // --- Who else is here, and whether the text was saved elsewhere since.
  seen.addEventListener("htmx:before:request", function (event) {
    if (isOver) return event.preventDefault();
    event.detail.ctx.request.body.set("base", form.querySelector("[name=base]").value);
  });
  window.addEventListener("pageshow", function (event) { // out of the memory of the back button: the text may be an older one
    if (!event.persisted) return;
    if (typed() === saved) location.reload();
    else ask(seen, "seen");
  });

  // --- A title may stand on several lines of the screen, but is one.
  form.querySelector("[data-one-line]").addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.isComposing) event.preventDefault();
  });

  // --- The preview beside the text, on screens that have room for both.
  var toggle = form.querySelector("[data-beside]");
  var beside = document.getElementById("beside");
  var wide = window.matchMedia("(min-width: 62rem)");

  function fit() {
    toggle.hidden = !wide.matches;
    if (!wide.matches) open(false);
  }

  function open(isOpen) {
    beside.hidden = !isOpen;
    toggle.setAttribute("aria-pressed", String(isOpen));
    document.body.classList.toggle("with-beside", isOpen);
  }

  function show() {
    if (!beside.hidden) ask(beside.querySelector("[data-beside-link]"), "refresh");
  }

  toggle.addEventListener("click", function () {
    open(beside.hidden);
    if (typed() === saved) show();
    else save();
  });
  wide.addEventListener("change", fit);
  fit();

  // --- The editor's tools stand right below the bar, however high it is.
  if (window.ResizeObserver) {
    new ResizeObserver(function () {
      form.style.setProperty("--writing-top", bar.offsetHeight + "px");
    }).observe(bar);
  }
})();
