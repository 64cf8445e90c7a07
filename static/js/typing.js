// What somebody has typed into a form, as values that can be kept and given back.
(function () {
  "use strict";

  function isKept(field) {
    var never = ["hidden", "password", "file", "submit", "button", "image", "reset"];
    return field.name && !field.disabled && field.name !== "token" && never.indexOf(field.type) < 0 &&
      !/password|one-time-code/.test(field.getAttribute("autocomplete") || "");
  }

  function fieldsOf(form) {
    return Array.prototype.filter.call(form.elements, isKept);
  }

  function typed(form) {
    return fieldsOf(form).map(function (field) {
      if (field.type === "checkbox" || field.type === "radio") return [field.name, field.checked ? 1 : 0, field.value];
      if (field.type === "select-multiple") {
        return [field.name, Array.prototype.map.call(field.selectedOptions, function (one) { return one.value; })];
      }
      return [field.name, field.value];
    });
  }

  function giveBack(form, values) {
    var left = values.slice();
    fieldsOf(form).forEach(function (field) {
      var isMark = field.type === "checkbox" || field.type === "radio";
      var place = left.findIndex(function (one) { return one[0] === field.name && (!isMark || one[2] === field.value); });
      if (place < 0) return;
      var value = left.splice(place, 1)[0][1];
      if (isMark) field.checked = Boolean(value);
      else if (field.type === "select-multiple") {
        Array.prototype.forEach.call(field.options, function (one) { one.selected = value.indexOf(one.value) >= 0; });
      } else field.value = value;
      ["input", "change"].forEach(function (what) { field.dispatchEvent(new Event(what, { bubbles: true })); });
    });
  }

  function marks(form) { // what a save carries beside the text: hidden fields with data-kept
    return Array.prototype.filter.call(form.elements, function (field) { return field.hasAttribute("data-kept"); });
  }

  function sendBack(form, values, more) { // as the form would, if it had these fields: all are told, and pairs beside them
    var again = form.cloneNode(false);
    var ticked = values.filter(function (one) { return one.length < 3 || one[1]; });
    var pairs = ticked.map(function (one) { return [one[0], one[one.length - 1]]; });
    pairs.concat(more, [["token", form.querySelector("[name=token]").value]]).forEach(function (pair) {
      var field = again.appendChild(document.createElement("input"));
      field.type = "hidden";
      field.name = pair[0];
      field.value = pair[1];
    });
    document.body.appendChild(again).submit();
  }

  window.typing = { fieldsOf: fieldsOf, typed: typed, giveBack: giveBack, sendBack: sendBack, marks: marks };
})();
