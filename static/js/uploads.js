// Files of an article: chosen, dropped or pasted, several at once, sent piece by piece. A cut line continues by itself; after the
// page was left, the same file chosen again goes on where it was.
(function () {
  "use strict";

  var AT_ONCE = 2;
  var FIRST_MS = 1000;
  var LONGEST_MS = 30000;
  var section = document.querySelector("[data-attaching]");
  if (!section || !window.fetch || !window.crypto) return;
  var list = section.querySelector("[data-uploads-list]");
  var status = section.querySelector("[data-uploads-said]");
  var begin = section.getAttribute("data-begin");
  var pieceSize = Number(section.getAttribute("data-piece"));
  var waiting = [];
  var running = 0;

  function words(name) {
    return section.getAttribute("data-" + name);
  }

  function newKey() {
    var octets = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(octets, function (octet) { return ("0" + octet.toString(16)).slice(-2); }).join("");
  }

  function size(octets) {
    return (octets / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) + " MB";
  }

  // --- One file on its way: its line, and what is known of it.
  function Sending(file, replaced) {
    var begun = replaced ? null : begunBefore(file);
    this.file = file;
    this.key = begun ? begun.getAttribute("data-unfinished") : newKey();
    this.replaced = replaced;
    this.pause = FIRST_MS;
    this.isOver = false;
    this.line(begun);
  }

  function begunBefore(file) {
    return Array.from(list.querySelectorAll("[data-unfinished]")).filter(function (one) {
      return one.getAttribute("data-name") === file.name.normalize("NFC") && Number(one.getAttribute("data-size")) === file.size &&
        Number(one.getAttribute("data-modified")) === file.lastModified;
    })[0];
  }

  Sending.prototype.line = function (before) {
    this.item = document.createElement("li");
    var name = this.item.appendChild(document.createElement("p"));
    name.className = "file-name";
    name.textContent = this.file.name;
    this.bar = this.item.appendChild(document.createElement("progress"));
    this.bar.max = this.file.size || 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", this.file.name);
    this.text = this.item.appendChild(document.createElement("p"));
    this.text.className = "meta";
    this.text.textContent = words("waiting");
    this.button = this.item.appendChild(document.createElement("button"));
    this.button.type = "button";
    this.button.className = "button second";
    this.button.textContent = words("cancel");
    this.button.setAttribute("aria-label", words("cancel") + " " + this.file.name);
    this.button.addEventListener("click", this.cancel.bind(this));
    if (before) before.replaceWith(this.item);
    else list.appendChild(this.item);
  };

  Sending.prototype.url = function (rest) {
    return begin + "/" + this.key + (rest || "");
  };

  Sending.prototype.start = function () {
    var self = this;
    var form = new FormData();
    form.append("key", this.key);
    form.append("name", this.file.name);
    form.append("size", String(this.file.size));
    form.append("modified", String(this.file.lastModified));
    if (this.replaced) {
      form.append("replaces", this.replaced.key);
      form.append("seen", this.replaced.seen);
    }
    this.post(begin, form, function (said) { self.goOn(said.received, said.is_there); }, function () { self.start(); });
  };

  Sending.prototype.ask = function () {
    var self = this;
    this.request("GET", this.url(), null, function (said) { self.goOn(said.received, said.is_there); }, function () { self.ask(); });
  };

  Sending.prototype.goOn = function (received, isThere) {
    var self = this;
    if (this.isOver) return;
    this.show(received);
    if (received >= this.file.size || isThere) {
      this.text.textContent = words("ending");
      this.post(this.url("/xong"), new FormData(), function (html) { self.done(html); }, function () { self.ask(); });
      return;
    }
    var piece = this.file.slice(received, received + pieceSize);
    this.post(this.url("?tu=" + received), piece, function (said) {
      self.pause = said.received > received ? FIRST_MS : self.pause;
      self.goOn(said.received, said.is_there);
    }, function () { self.ask(); }, function (sent) { self.show(received + sent); });
  };

  Sending.prototype.show = function (received) {
    this.bar.value = Math.min(received, this.file.size);
    this.text.textContent = words("sent").replace("{sent}", size(this.bar.value)).replace("{size}", size(this.file.size));
  };

  Sending.prototype.post = function (url, body, act, again, progress) {
    this.request("POST", url, body, act, again, progress);
  };

  Sending.prototype.request = function (method, url, body, act, again, progress) {
    var self = this;
    var request = this.under = new XMLHttpRequest();
    request.open(method, url);
    request.setRequestHeader("X-Form-Token", words("token"));
    if (body instanceof Blob) request.setRequestHeader("Content-Type", "application/octet-stream");
    if (progress) request.upload.addEventListener("progress", function (event) { progress(event.loaded); });
    request.addEventListener("loadend", function () {
      if (self.isOver) return;
      if (request.status === 200) act(answer(request));
      else if (request.status === 0) self.later(again, words("cut"));
      else if (request.status === 429 || request.status === 503 || request.status === 500) self.later(again, words("busy"));
      else self.end(said(request), false);
      if (request.status === 401) document.dispatchEvent(new Event("session-over"));
    });
    request.send(body);
  };

  function answer(request) {
    var isJson = (request.getResponseHeader("Content-Type") || "").indexOf("application/json") === 0;
    return isJson ? JSON.parse(request.responseText) : request.responseText;
  }

  function said(request) {
    if (request.status === 401) return words("over");
    var text = answer(request);
    return text && text.said ? text.said : words("failed");
  }

  Sending.prototype.later = function (again, sentence) {
    var self = this;
    this.text.textContent = sentence;
    this.timer = setTimeout(again, this.pause);
    this.again = function () { // the connection is back: at once
      clearTimeout(self.timer);
      self.again = null;
      again();
    };
    this.pause = Math.min(2 * this.pause, LONGEST_MS);
  };

  Sending.prototype.done = function (html) {
    show(html);
    this.end(words("there"), true);
  };

  Sending.prototype.end = function (sentence, isGood) {
    this.isOver = true;
    this.again = null;
    this.bar.remove();
    this.button.remove();
    this.text.textContent = sentence;
    this.text.className = isGood ? "meta" : "notice bad";
    status.textContent = this.file.name + ": " + sentence;
    running -= 1;
    next();
  };

  Sending.prototype.cancel = function () {
    var hadFocus = document.activeElement === this.button;
    var isWaiting = waiting.indexOf(this) >= 0;
    if (isWaiting) {
      waiting.splice(waiting.indexOf(this), 1);
      running += 1;
    }
    clearTimeout(this.timer);
    this.end(words("cancelled"), true);
    if (this.under) this.under.abort();
    if (!isWaiting || this.item.hasAttribute("data-begun")) {
      fetch(this.url("/huy"), { method: "POST", headers: { "X-Form-Token": words("token") }, credentials: "same-origin", redirect: "manual" });
    }
    if (hadFocus) section.querySelector("#attachment-files").focus();
  };

  function show(html) { // the list as it is now, unless a later one is there, or somebody is typing in it
    var old = document.getElementById("attached");
    var made = document.createElement("div");
    made.innerHTML = html;
    var isLater = Number(made.firstElementChild.getAttribute("data-head")) >= Number(old.getAttribute("data-head"));
    if (!isLater || (old.contains(document.activeElement) && document.activeElement.name === "name")) return;
    old.replaceWith(made.firstElementChild);
    if (window.htmx) window.htmx.process(document.getElementById("attached"));
    prepare(document.getElementById("attached"));
  }

  var going = [];
  function next() {
    going = going.filter(function (one) { return !one.isOver; });
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      var one = waiting.shift();
      going.push(one);
      one.start();
    }
  }

  function add(files, replaced) {
    Array.from(files).forEach(function (file) { waiting.push(new Sending(file, replaced)); });
    next();
  }

  // --- Where files come from: a form's field, what is dropped on the section, what is pasted outside the text.
  function prepare(root) {
    Array.prototype.forEach.call(root.querySelectorAll("form[data-uploads]"), function (form) {
      var field = form.querySelector("[type=file]");
      var key = form.getAttribute("data-replaces");
      form.addEventListener("submit", function (event) { event.preventDefault(); });
      field.addEventListener("change", function () {
        add(field.files, key && { key: key, seen: form.getAttribute("data-seen-file") });
        field.value = "";
      });
      form.querySelector("button").hidden = true;
    });
  }

  section.addEventListener("dragover", function (event) {
    if (Array.from(event.dataTransfer.types).indexOf("Files") < 0) return;
    event.preventDefault();
    section.classList.add("dropping");
  });
  section.addEventListener("dragleave", function (event) {
    if (!section.contains(event.relatedTarget)) section.classList.remove("dropping");
  });
  section.addEventListener("drop", function (event) {
    section.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    add(event.dataTransfer.files, null);
  });
  document.addEventListener("paste", function (event) {
    var files = event.clipboardData ? event.clipboardData.files : [];
    if (!files.length || event.target.closest("[contenteditable], textarea, input:not([type=file])")) return;
    event.preventDefault();
    add(files, null);
  });
  document.addEventListener("htmx:after:swap", function () {
    prepare(document.getElementById("attached"));
  });
  window.addEventListener("online", function () {
    going.forEach(function (one) { if (one.again) one.again(); });
  });
  window.addEventListener("beforeunload", function (event) {
    if (waiting.length || going.some(function (one) { return !one.isOver; })) event.preventDefault();
  });
  section.querySelector("[data-scripted]").hidden = false;
  prepare(section);
})();
