// A poll in another site's frame tells that site, and nobody else, how high it is. Shut in so that nothing can be sent from
// here, it shows the result instead of the form.
(function () {
  "use strict";

  var body = document.body;

  // A form in a sandbox without forms is not even asked: its submit event never comes.
  function canSend() {
    if (self.origin === "null") return false;
    var form = document.createElement("form"), button = document.createElement("button"), asked = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      asked = true;
    });
    form.hidden = true;
    form.appendChild(button);
    body.appendChild(form);
    button.click();
    body.removeChild(form);
    return asked;
  }

  if (body.dataset.result && !canSend()) {
    location.replace(body.dataset.result);
    return;
  }

  // Who we are shown by: what the server heard when we were asked for, else what the browser says.
  function shownBy() {
    if (body.dataset.site) return body.dataset.site;
    var above = location.ancestorOrigins;
    return above && above.length && above[0] !== "null" ? above[0] : "";
  }

  var site = parent === self ? "" : shownBy();
  if (!site) return;

  function tell() {
    parent.postMessage({ pollHeight: Math.ceil(body.getBoundingClientRect().height) }, site);
  }

  window.addEventListener("message", function (event) {
    if (event.source === parent && event.origin === site && event.data === "poll-height") tell();
  });
  if (window.ResizeObserver) new ResizeObserver(tell).observe(body);
  tell();
})();
