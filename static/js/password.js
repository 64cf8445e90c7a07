// A password is shown to whoever types it and asks for it; it is hidden again before it is sent.
(function () {
  "use strict";

  Array.prototype.forEach.call(document.querySelectorAll("[data-shows]"), function (button) {
    var field = document.getElementById(button.getAttribute("data-shows"));
    function show(isShown) {
      field.type = isShown ? "text" : "password";
      button.setAttribute("aria-pressed", String(isShown));
    }
    button.hidden = false;
    button.addEventListener("click", function () { show(field.type === "password"); });
    field.form.addEventListener("submit", function () { show(false); });
  });
})();
