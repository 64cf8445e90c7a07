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

  window.typing = { fieldsOf: fieldsOf, typed: typed, giveBack: giveBack, marks: marks };
})();
