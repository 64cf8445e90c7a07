// Passkeys: asks the server for a question, the browser for its answer, and sends it. Bytes travel as base64url.
// A form for it is shown where the browser can; whoever thinks better of it in the browser's dialog has made no mistake.
(function () {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var padded = text.replace(/-/g, "+").replace(/_/g, "/") + "===".slice((text.length + 3) % 4);
    return Uint8Array.from(atob(padded), function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    var letters = Array.from(new Uint8Array(buffer), function (octet) { return String.fromCharCode(octet); }).join("");
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function readable(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    (options.excludeCredentials || []).concat(options.allowCredentials || []).forEach(function (known) {
      known.id = bytes(known.id);
    });
    return options;
  }

  function told(credential) {
    var response = { clientDataJSON: text(credential.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    var id = text(credential.rawId);
    return JSON.stringify({ id: id, rawId: id, type: credential.type, response: response, clientExtensionResults: {} });
  }

  // Answers what the server said; a refusal is an Error with its sentence, "" where it said none, and the field that it is about.
  function send(url, fields) {
    return fetch(url, { method: "POST", body: fields, credentials: "same-origin" }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (said) {
        if (answer.ok) return said;
        throw Object.assign(new Error(said.said || ""), { field: said.field });
      });
    });
  }

  function sentence(form, error) {
    if (error.name === "NotAllowedError" || error.name === "AbortError") return "";
    if (error.name === "InvalidStateError") return form.getAttribute("data-there") || form.getAttribute("data-failed");
    return error.name === "Error" && error.message || form.getAttribute("data-failed");
  }

  function prepare(form) {
    var way = form.getAttribute("data-passkey");
    var button = form.querySelector("button:not([type=button])");
    var words = form.querySelector("[data-said]");

    form.hidden = false;
    form.addEventListener("submit", function (event) {
      var fields = new URLSearchParams(new FormData(form));
      event.preventDefault();
      words.textContent = "";
      button.disabled = true;
      Array.prototype.forEach.call(form.elements, function (field) { field.removeAttribute("aria-invalid"); });
      send(form.getAttribute("data-ask"), fields).then(function (options) {
        return navigator.credentials[way]({ publicKey: readable(options) });
      }).then(function (credential) {
        fields.delete("again"); // was asked with the question
        fields.append("answer", told(credential));
        return send(form.action, fields);
      }).then(function (said) {
        location.assign(said.next);
      }).catch(function (error) {
        words.textContent = sentence(form, error);
        button.disabled = false;
        var field = form.elements[error.field];
        if (field) field.setAttribute("aria-invalid", "true");
        (field || button).focus();
      });
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-passkey]"), prepare);
  Array.prototype.forEach.call(document.querySelectorAll("[data-passkey-missing]"), function (words) { words.hidden = true; });
})();
