// On a page that embeds our polls: each frame becomes as high as its poll. Only our frames are heard, and only a height.
(function () {
  "use strict";
  var ours = new URL(document.currentScript.src).origin;

  function each(act) {
    Array.prototype.forEach.call(document.querySelectorAll("iframe"), function (frame) {
      if (/^(\/en)?\/embed\/polls\/\d+$/.test(new URL(frame.src, location).pathname) && new URL(frame.src, location).origin === ours) act(frame);
    });
  }

  addEventListener("message", function (event) {
    var height = event.data && event.data.pollHeight;
    if (event.origin !== ours || typeof height !== "number" || !(height >= 100 && height <= 5000)) return;
    each(function (frame) {
      if (frame.contentWindow === event.source) frame.style.height = height + "px";
    });
  });

  // Frames that were there before this script have spoken already.
  each(function (frame) {
    frame.contentWindow.postMessage("poll-height", ours);
  });
})();
