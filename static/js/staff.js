// Staff pages: says in time that the session will end, and keeps in this browser what is being typed until it is sent.
(function () {
  "use strict";

  var WARNED_MS = 5 * 60 * 1000;
  var KEPT_MS = 7 * 24 * 3600 * 1000;
  var MOST_KEPT = 3; // versions of one form: a text that is offered stays while another is typed
  var user = document.body.getAttribute("data-user");
  var fieldsOf = window.typing.fieldsOf;
  var typed = window.typing.typed;
  var giveBack = window.typing.giveBack;
  var marks = window.typing.marks;
  var keepers = [];
  var isLeaving = false; // for good: nothing is kept any more

  function stored(store, key, value) { // storage may be blocked or full: then it holds for this page
    try {
      if (value === undefined) return window[store].getItem(key);
      if (value === null) window[store].removeItem(key);
      else window[store].setItem(key, value);
    } catch (error) {
      return null;
    }
  }

  function storedKeys(beginning) {
    try {
      return Object.keys(localStorage).filter(function (key) { return key.indexOf(beginning) === 0; });
    } catch (error) {
      return [];
    }
  }

  function parsed(text) {
    try {
      return JSON.parse(text) || [];
    } catch (error) { // somebody else's
      return [];
    }
  }

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  // --- What is typed in a form with data-keep is kept under the user and the page; another user's is never offered.
  function keep(form, refusedAt) {
    var key = "kept:" + user + ":" + (form.getAttribute("data-keep") || location.pathname);
    var shown = JSON.stringify(typed(form));
    var earlier = parsed(stored("localStorage", key));
    var timer = null;
    var offered = null;
    var isMadeByServer = form.hasAttribute("data-kept-by"); // its lines are: the page cannot make them
    var sent = null; // what the save has that is under way: the writer types on
    var last = { text: null, at: 0 }; // one text has one time, however often it is stored

    function save() {
      clearTimeout(timer);
      if (isLeaving) return 0;
      var now = typed(form);
      var text = JSON.stringify(now);
      var isNew = text !== shown;
      if (text !== last.text) last = { text: text, at: Date.now() };
      var one = { at: last.at, fields: now, marks: marks(form).map(function (mark) { return [mark.name, mark.value]; }) };
      var all = isNew ? [one].concat(earlier) : earlier;
      stored("localStorage", key, all.length ? JSON.stringify(all.slice(0, MOST_KEPT)) : null);
      return isNew ? one.at : 0;
    }

    function offer() {
      var template = document.querySelector("#session template");
      if (offered) offered.remove();
      offered = null;
      if (!earlier.length || !template) return;
      offered = template.content.firstElementChild.cloneNode(true);
      form.insertBefore(offered, form.firstChild);
      offered.querySelector("[data-take]").addEventListener("click", function () { decide(true); });
      offered.querySelector("[data-drop]").addEventListener("click", function () { decide(false); });
    }

    function decide(isTaken) {
      if (isTaken && isMadeByServer) return makeAgain(earlier[0]);
      var one = earlier.shift();
      if (isTaken) takeBack(one);
      save();
      offer();
      (offered ? offered.querySelector("button") : fieldsOf(form)[0] || form).focus();
    }

    function takeBack(one) { // it goes on from the text that it was typed on, whatever the page shows by now
      (one.marks || []).forEach(function (pair) {
        marks(form).forEach(function (mark) { if (mark.name === pair[0]) mark.value = pair[1]; });
      });
      giveBack(form, one.fields);
    }

    function makeAgain(one) { // by the button that shows a form as it was typed; what is kept stays so
      stored("sessionStorage", "sent", key + " " + one.at);
      window.typing.sendBack(form, one.fields, (one.marks || []).concat([["do", form.getAttribute("data-kept-by")]]));
    }

    function shownOf(fields) { // a refusal may ask for more than the page that was sent: an empty field more is no other text
      return JSON.stringify(typed(form).filter(function (one) {
        return one[1] || fields.some(function (other) { return other[0] === one[0]; });
      }));
    }

    form.addEventListener("input", later);
    form.addEventListener("change", later);
    function later() {
      clearTimeout(timer);
      timer = setTimeout(save, 300);
    }

    // What the page shows anyway is not offered; but it stays kept where the page is the refusal of what was just sent.
    var refused = refusedAt(key);
    if (form.hasAttribute("data-unsaved")) { // the page is what was sent, with its lines moved or mistakes marked
      if (earlier.length && (earlier[0].at === refused || JSON.stringify(earlier[0].fields) === shown)) earlier.shift();
      shown = null;
      save();
    } else if (earlier.length && JSON.stringify(earlier[0].fields) === shownOf(earlier[0].fields)) {
      var same = earlier.shift();
      if (refused !== undefined) shown = null;
      else if (same) save();
    } else save();
    offer();
    keepers.push({ form: form, key: key, save: save, isTyped: function () { return JSON.stringify(typed(form)) !== shown; }, send: function () {
      sent = JSON.stringify(typed(form));
    }, forget: function () {
      shown = sent;
      if (!form.hasAttribute("data-autosave")) { // a form that saves by itself has not asked what to do with what is offered
        earlier = [];
        offer();
      }
      save();
    } });
  }

  // A form that was sent from this tab was taken if the answer led on (303), refused if it did not: then by what was sent when.
  function sentBefore() {
    var sent = (stored("sessionStorage", "sent") || "").split(" ");
    var key = sent[0];
    var how = window.performance && performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
    var isTaken = Boolean(how && how.redirectCount > 0 && how.type === "navigate" && user);
    stored("sessionStorage", "sent", null);
    if (key && isTaken && key.indexOf("kept:" + user + ":") === 0) {
      var left = parsed(stored("localStorage", key)).filter(function (one) { return String(one.at) !== sent[1]; });
      stored("localStorage", key, left.length ? JSON.stringify(left) : null);
    }
    return function (asked) { return asked === key && !isTaken ? Number(sent[1]) : undefined; };
  }

  function keeperOf(form) {
    return keepers.filter(function (one) { return one.form === form; })[0];
  }

  function saveAll() {
    keepers.forEach(function (one) { one.save(); });
  }

  storedKeys("kept:").forEach(function (key) {
    var newest = parsed(stored("localStorage", key))[0];
    if (!newest || !(Date.now() - newest.at < KEPT_MS)) stored("localStorage", key, null);
  });
  var refusedAt = sentBefore();
  if (user) each("form[data-keep]", function (form) { keep(form, refusedAt); });

  document.addEventListener("submit", function (event) {
    var keeper = keeperOf(event.target);
    if (event.target.hasAttribute("data-sign-out")) { // the next one at this computer finds nothing
      isLeaving = true;
      storedKeys("kept:" + user + ":").forEach(function (key) { stored("localStorage", key, null); });
    }
    if (!keeper || event.defaultPrevented) return;
    stored("sessionStorage", "sent", keeper.key + " " + keeper.save());
  });
  document.addEventListener("htmx:before:request", function (event) {
    var keeper = keeperOf(event.detail.ctx.sourceElement);
    if (keeper) keeper.send();
  });
  document.addEventListener("htmx:before:swap", function (event) {
    var keeper = keeperOf(event.detail.ctx.sourceElement);
    if (keeper && event.detail.ctx.response.status < 300) keeper.forget();
  });
  window.addEventListener("pagehide", saveAll);
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    isLeaving = false;
    stored("sessionStorage", "sent", null);
  });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) saveAll();
  });

  // --- The session's end. The server alone knows it: it is asked before anything is said, since whatever is done in any
  // tab, saving by itself included, is work. Asking is none.
  var box = document.getElementById("session");
  if (!box || !window.fetch) return;
  var bar = box.querySelector("[data-bar]");
  var words = box.querySelector("[data-words]");
  var button = box.querySelector("[data-go-on]");
  var link = box.querySelector("[data-sign-in]");
  var until = Date.now() + Number(document.body.getAttribute("data-left")) * 1000;
  var shared = "session-until:" + user;
  var isSure = false;
  var isOver = false;
  var before = null;
  var timer = null;

  function look() {
    clearTimeout(timer);
    if (isOver) return;
    var left = until - Date.now();
    if (left > WARNED_MS) {
      isSure = false;
      hide();
      wait(left - WARNED_MS);
    } else if (left > 0 && isSure) {
      say(box.getAttribute("data-warning").replace("{}", Math.ceil(left / 60000)));
      wait(left % 60000 + 50);
    } else ask();
  }

  function wait(ms) { // a computer that slept is late: it looks again at least once a minute
    timer = setTimeout(look, Math.min(Math.max(ms, 250), 60000));
  }

  function ask() {
    fetch(box.getAttribute("data-address"), { credentials: "same-origin", cache: "no-store" }).then(read).then(learn, function () {
      if (until <= Date.now()) return end(); // no connection: by our own clock
      isSure = true;
      look();
    });
  }

  function read(answer) {
    if (!answer.ok) throw answer;
    return answer.json();
  }

  function learn(said) {
    var left = String(said.user) === user ? said.left : 0;
    until = Date.now() + left * 1000;
    isSure = true;
    if (left > 0) look();
    else end();
  }

  function say(sentence) {
    if (bar.hidden) before = document.activeElement;
    bar.hidden = false;
    if (words.textContent !== sentence) words.textContent = sentence;
  }

  function hide() {
    var hadFocus = bar.contains(document.activeElement);
    bar.hidden = true;
    words.textContent = "";
    if (hadFocus) (before && before !== document.body && document.contains(before) ? before : document.getElementById("main")).focus();
  }

  function end() {
    isOver = true;
    saveAll();
    var isTyped = keepers.some(function (one) { return one.isTyped(); });
    link.href = link.getAttribute("href").split("?")[0] + "?next=" + encodeURIComponent(location.pathname);
    link.hidden = false;
    if (document.activeElement === button) link.focus();
    button.hidden = true;
    say(box.getAttribute(isTyped ? "data-over-kept" : "data-over"));
  }

  document.addEventListener("session-over", ask); // somebody was refused, and wonders

  button.addEventListener("click", function () {
    var token = document.querySelector("[data-sign-out] [name=token]").value;
    var asked = { method: "POST", headers: { "X-Form-Token": token }, credentials: "same-origin" };
    fetch(box.getAttribute("data-stay"), asked).then(read).then(function (said) {
      learn(said);
      stored("localStorage", shared, String(until));
    }).catch(function (refused) {
      if (refused.status === 401 || refused.status === 403) ask();
      else words.textContent = box.getAttribute("data-failed");
    });
  });

  window.addEventListener("storage", function (event) {
    if (event.key !== shared || !(Number(event.newValue) > until)) return;
    until = Number(event.newValue);
    look();
  });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) look();
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) ask();
  });
  stored("localStorage", shared, String(until));
  look();
})();
