// What pages do beyond links and forms. It runs before htmx, so that its listeners are there when htmx starts.
(function () {
  "use strict";

  function randomId() {
    var octets = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(octets, function (octet) {
      return (octet + 256).toString(16).slice(1);
    }).join("");
  }

  // --- A ballot's id is made once and kept until the vote is answered: the same press sent twice, sent again after a
  // failure or after the page was loaded anew, or sent from two tabs at once, is the same ballot.
  function kept(action, id) {
    try {
      if (id === null) localStorage.removeItem("ballot:" + action);
      else if (id) localStorage.setItem("ballot:" + action, id);
      else return localStorage.getItem("ballot:" + action);
    } catch (error) { // storage is blocked: the form alone keeps it
      return null;
    }
  }

  document.addEventListener("submit", function (event) {
    var field = event.target.querySelector("[data-request]");
    if (!field || field.value) return;
    field.value = kept(event.target.action) || randomId();
    kept(event.target.action, field.value);
  }, true);

  // --- What could not be done in place is said in the form, which keeps what was chosen; a link is followed as a link.
  function failed(event) {
    var element = event.target;
    var words = element.querySelector && element.querySelector("[data-failed]");
    var earlier = words && element.querySelector("[data-say]");
    if (words) words.hidden = false;
    else if (element.href) location.assign(element.href);
    if (earlier) earlier.hidden = true; // it was about the press before
  }

  document.addEventListener("htmx:before:swap", function (event) {
    var form = event.detail.ctx.sourceElement;
    var field = form && form.querySelector && form.querySelector("[data-request]");
    if (field && event.detail.ctx.response.status === 200) kept(form.action, null); // the cookie knows it from now on
  });

  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:response:error", function (event) {
    var status = event.detail.ctx.response.status;
    if (status !== 409 && status !== 422) failed(event); // these two are answered with a new box
  });
  document.addEventListener("htmx:before:request", function (event) {
    var words = event.target.querySelector && event.target.querySelector("[data-failed]");
    if (words) words.hidden = true;
    live.textContent = "";
  });

  // --- A swap must not take the focus away, and what is new in it is said aloud. The live region stands outside of what
  // is swapped: one that arrives together with its words is not read by every screen reader.
  var live = document.createElement("div");
  live.className = "unseen";
  live.setAttribute("role", "status");
  document.body.appendChild(live);
  var hadFocus = false;

  document.addEventListener("htmx:before:swap", function (event) {
    var old = event.detail.ctx.target;
    hadFocus = Boolean(old && old.contains(document.activeElement));
  });

  document.addEventListener("htmx:after:swap", function (event) {
    var old = event.detail.ctx.target;
    var root = old && document.getElementById(old.id);
    if (!root) return;
    if (hadFocus && !root.contains(document.activeElement)) takeFocus(root);
    say(root);
  });

  // htmx gives the focus back to the element with the same id. Where there is none, it goes to what stands in the
  // button's place ("poll-1-act" in "poll-1"), else to the fragment itself.
  function takeFocus(root) {
    var place = document.getElementById(root.id + "-act");
    if (!place) {
      place = root;
      root.tabIndex = -1;
    }
    place.focus();
  }

  // The element that has the focus is read for that reason alone.
  function say(root) {
    var words = [];
    Array.prototype.forEach.call(root.querySelectorAll("[data-say]"), function (element) {
      if (element !== document.activeElement) words.push(element.textContent);
    });
    if (words.length) live.textContent = words.join(" ");
  }

  // --- A list that turns its page in place has that page's address; the way back loads the page before. htmx's own history
  // is off: it would take every way back upon itself.
  var shown = location.pathname + location.search;
  var turning = null;

  document.addEventListener("htmx:before:swap", function (event) { // afterwards the link is gone
    var link = event.detail.ctx.sourceElement;
    turning = link && link.hasAttribute("data-turn") ? link : null;
  });
  document.addEventListener("htmx:after:swap", function () {
    if (!turning) return;
    shown = turning.pathname + turning.search;
    history.pushState(null, "", shown);
    turning = null;
  });
  window.addEventListener("popstate", function () {
    if (location.pathname + location.search !== shown) location.reload();
  });

  // --- A second level of the menu lies over the page: it closes when the reader goes elsewhere, or by Escape.
  function closeMenus(except) {
    Array.prototype.forEach.call(document.querySelectorAll(".menu-line details[open]"), function (level) {
      if (!except || !level.contains(except)) level.open = false;
    });
  }

  ["click", "focusin"].forEach(function (what) {
    document.addEventListener(what, function (event) {
      closeMenus(event.target);
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var level = document.activeElement.closest(".menu-line details[open]");
    if (level) level.firstElementChild.focus();
    closeMenus();
  });

  // --- One load of the page is told once: by htmx, which also renews the figures, or, where htmx did not start, by this
  // script. A page that comes back from the browser's memory is not loaded again, and a page that is made ready in
  // advance waits until somebody looks at it.
  var beacon = document.getElementById("page-seen");
  var told = false;
  if (!beacon) return;
  beacon.elements.load.value = randomId();

  function whenLookedAt(act) {
    if (document.prerendering) document.addEventListener("prerenderingchange", act, { once: true });
    else act();
  }

  beacon.addEventListener("htmx:before:request", function () {
    told = true;
  });
  beacon.addEventListener("htmx:after:init", function () {
    whenLookedAt(function () {
      if (!told) beacon.dispatchEvent(new CustomEvent("seen"));
    });
  });
  // Deferred scripts have run by now, so htmx is there or will never be; one that is there has a moment to begin.
  window.addEventListener("load", function () {
    whenLookedAt(function () {
      setTimeout(tellPlainly, window.htmx ? 2000 : 0);
    });
  });

  function tellPlainly() {
    if (told) return;
    told = true;
    var request = new XMLHttpRequest();
    request.open("POST", beacon.action);
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.send("page=" + encodeURIComponent(beacon.elements.page.value) + "&load=" + beacon.elements.load.value);
  }
})();
