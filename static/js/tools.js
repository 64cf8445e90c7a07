// The tools below an article's title: each is shown where the browser can do what it says, and asks no other site.
(function () {
  "use strict";

  function tool(name, can, act) {
    var button = document.querySelector("[data-act=" + name + "]");
    if (!button || !can) return;
    button.hidden = false;
    button.addEventListener("click", act);
  }

  function address() {
    return document.querySelector("link[rel=canonical]").href;
  }

  // The code on the paper waits until somebody prints.
  tool("print", window.print, function () {
    var code = document.querySelector("#paper img");
    var print = window.print.bind(window);
    code.loading = "eager";
    code.decode().then(print, print);
  });
  tool("send", navigator.share, function () {
    navigator.share({ title: document.title, url: address() }).catch(function () {}); // the reader thought better of it
  });
  tool("copy", !navigator.share && navigator.clipboard, function () {
    var said = document.querySelector("[data-done]");
    said.textContent = "";
    navigator.clipboard.writeText(address()).then(function () {
      said.textContent = said.getAttribute("data-done");
    });
  });
  var elsewhere = document.querySelector("[data-act=facebook]");
  if (elsewhere) elsewhere.hidden = Boolean(navigator.share); // the device offers it too

  window.addEventListener("beforeprint", function () {
    var words = document.querySelector("[data-printed]");
    if (!words) return;
    var now = new Date();
    function two(number) {
      return (number + 100).toString().slice(1);
    }
    words.querySelector("[data-time]").textContent = two(now.getHours()) + ":" + two(now.getMinutes());
    words.querySelector("[data-day]").textContent = two(now.getDate()) + "/" + two(now.getMonth() + 1) + "/" + now.getFullYear();
    words.hidden = false;
  });
})();
