// A document that is dropped on the page goes into the form that brings it in, and is sent; pressed once, it is sent once.
(function () {
  "use strict";
  var form = document.querySelector("[data-word]");
  if (!form) return;
  var input = form.querySelector("[type=file]");
  var button = form.querySelector("button");
  var said = form.querySelector("[data-word-said]");

  function show() { // what is said stands in the form, which may be folded
    var folded = form.closest("details");
    if (folded) folded.open = true;
  }

  function hasFiles(event) {
    return Boolean(event.dataTransfer) && Array.prototype.indexOf.call(event.dataTransfer.types, "Files") >= 0;
  }

  document.addEventListener("dragover", function (event) {
    if (!hasFiles(event)) return;
    event.preventDefault(); // else the browser opens the file in the place of the page
    event.dataTransfer.dropEffect = "copy";
    form.classList.add("word-over");
  });
  document.addEventListener("dragleave", function (event) {
    if (!event.relatedTarget) form.classList.remove("word-over");
  });
  document.addEventListener("drop", function (event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.remove("word-over");
    if (button.disabled) return;
    show();
    if (event.dataTransfer.files.length !== 1) {
      said.textContent = form.getAttribute("data-one");
      return;
    }
    input.files = event.dataTransfer.files;
    button.click();
  });
  form.addEventListener("submit", function () {
    said.textContent = form.getAttribute("data-sending");
    setTimeout(function () { button.disabled = true; }, 0); // not before it is sent
  });
  window.addEventListener("pageshow", function () { // from the back button's memory it can be pressed again
    button.disabled = false;
    said.textContent = "";
  });
  form.querySelector("[data-drop-hint]").hidden = false;
})();
