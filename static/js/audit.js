/* The audit's list is replaced in place, by filters and by pages; the address goes with it, and the way back loads the list before.
   htmx's own history is off. */
(function () {
  "use strict";
  var shown = location.pathname + location.search;

  document.addEventListener("htmx:after:swap", function () {
    var list = document.getElementById("audit");
    var url = list && list.getAttribute("data-url");
    if (!url || url === shown) return;
    shown = url;
    history.pushState(null, "", url);
  });
  window.addEventListener("popstate", function () {
    if (location.pathname + location.search !== shown) location.reload();
  });
})();
