// Copies what stands in a field, where the browser can; else the field is there to copy from.
(function () {
  "use strict";

  var button = document.querySelector("[data-copies]");
  if (!button || !navigator.clipboard) return;
  var field = document.getElementById(button.getAttribute("data-copies"));
  button.hidden = false;
  button.addEventListener("click", function () {
    field.select();
    navigator.clipboard.writeText(field.value).then(function () {
      document.getElementById(field.id + "-said").textContent = field.getAttribute("data-copied");
    });
  });
})();
