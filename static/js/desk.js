// The desk's list is replaced in place, by filters, orders and pages; the address goes with it, and the way back loads the list
// before (htmx's own history is off). One box ticks all pieces of the page.
(function () {
  "use strict";
  var shown = location.pathname + location.search;

  function boxes(form) {
    return Array.prototype.slice.call(form.querySelectorAll("[name=bai]"));
  }

  function offer() {
    var form = document.querySelector("[data-ticks]");
    var all = form && form.querySelector("[data-all]");
    if (!all || !all.hidden) return;
    var box = all.querySelector("input");
    all.hidden = false;
    function look() {
      var ticked = boxes(form).filter(function (one) { return one.checked; }).length;
      box.checked = ticked > 0 && ticked === boxes(form).length;
      box.indeterminate = ticked > 0 && !box.checked;
    }
    box.addEventListener("change", function () {
      boxes(form).forEach(function (one) { one.checked = box.checked; });
    });
    form.addEventListener("change", look);
    look();
  }

  document.addEventListener("htmx:after:swap", function () {
    var list = document.getElementById("pieces");
    var url = list && list.getAttribute("data-url");
    offer();
    if (!url || url === shown) return;
    shown = url;
    history.pushState(null, "", url);
  });
  window.addEventListener("popstate", function () {
    if (location.pathname + location.search !== shown) location.reload();
  });
  window.addEventListener("pageshow", offer);
  offer();
})();
