// What pasted HTML says about looks. Its style attributes are read as text (see `unstyled`): no style is ever applied.

export function declarations(css) {
  const found = {};
  (css || "").split(";").forEach((part) => {
    const colon = part.indexOf(":");
    if (colon > 0) found[part.slice(0, colon).trim().toLowerCase()] = part.slice(colon + 1).trim();
  });
  return found;
}

// The rules of <style> elements whose selectors are an element, a class, or both: all that office programs write.
export function sheetOf(html) {
  const rules = {};
  (html.match(/<style[^>]*>[\s\S]*?<\/style>/gi) || []).forEach((element) => {
    const css = element.replace(/<\/?style[^>]*>|<!--|-->/gi, "").replace(/\/\*[\s\S]*?\*\//g, "");
    (css.match(/[^{}@]+\{[^{}]*\}/g) || []).forEach((rule) => {
      const [selectors, body] = rule.split(/[{}]/);
      selectors.split(",").forEach((one) => {
        const name = one.trim().toLowerCase();
        if (/^[\w-]*(\.[\w-]+)?$/.test(name)) rules[name] = { ...rules[name], ...declarations(body) };
      });
    });
  });
  return rules;
}

export function styleOf(element, sheet) {
  const tag = element.localName;
  const names = (element.getAttribute("class") || "").toLowerCase().split(/\s+/).filter(Boolean);
  const rules = [tag, ...names.map((name) => "." + name), ...names.map((name) => tag + "." + name)].map((name) => sheet[name]);
  const face = element.localName === "font" && element.getAttribute("face");
  return Object.assign({}, ...rules, face ? { "font-family": face } : {}, declarations(element.getAttribute("data-css")));
}

const BY_TAG = { b: "strong", strong: "strong", i: "em", em: "em", u: "u", ins: "u", s: "s", strike: "s", sub: "sub", sup: "sup" };

// The marks inside an element: those around it, changed by its own tag and style.
export function marksWithin(element, style, around) {
  const marks = { ...around };
  const own = BY_TAG[element.localName];
  if (own) marks[own] = true;
  const weight = style["font-weight"];
  if (weight && !/^h\d$/.test(element.localName)) marks.strong = /^(bold|bolder|[6-9]\d\d)/i.test(weight);
  if (style["font-style"]) marks.em = /^(italic|oblique)/i.test(style["font-style"]);
  const line = style["text-decoration"] || style["text-decoration-line"] || style["text-underline"];
  if (line) {
    if (/underline/i.test(line) && element.localName !== "a") marks.u = true;
    if (/line-through/i.test(line)) marks.s = true;
  }
  if (/^(sub|super)/i.test(style["vertical-align"] || "")) marks[/^sub/i.test(style["vertical-align"]) ? "sub" : "sup"] = true;
  return marks;
}
