// Lists of Word: paragraphs that tell their level, with the marker as text. Pure functions over that text.

const ROMAN = { i: 1, v: 5, x: 10, l: 50, c: 100 };

export function levelOf(style) {
  const found = /\blevel(\d)/.exec(style["mso-list"] || "");
  return found ? Number(found[1]) : 0;
}

// { tag, type, number } for a marker that a list of HTML can show, { tag: "ul" } for a bullet, null for "1.1." or "Điều 2.".
export function kindOf(marker, isAfter) {
  const said = marker.replace(/[\s\u00a0]+/g, "");
  if (!said) return null;
  if (!/[\p{L}\p{N}]/u.test(said) || /^[o§Øü]$/.test(said)) return { tag: "ul", type: null, number: null };
  const found = /^\(?(\d{1,4}|[a-z]{1,5}|[A-Z]{1,5})[.)]?$/.exec(said);
  if (!found) return null;
  const text = found[1];
  if (/\d/.test(text)) return { tag: "ol", type: null, number: Number(text) };
  const isCapital = text === text.toUpperCase();
  const letter = text.length === 1 ? text.toLowerCase().charCodeAt(0) - 96 : 0;
  const roman = romanValue(text.toLowerCase());
  const isRoman = roman && (!letter || (isAfter && isAfter.type === (isCapital ? "I" : "i")) || (text.toLowerCase() === "i" && !(isAfter && isAfter.number === 8)));
  if (isRoman) return { tag: "ol", type: isCapital ? "I" : "i", number: roman };
  return letter ? { tag: "ol", type: isCapital ? "A" : "a", number: letter } : null;
}

function romanValue(text) {
  if (!/^[ivxlc]+$/.test(text)) return 0;
  return Array.from(text).reduce((sum, one, place, all) => sum + (ROMAN[one] < (ROMAN[all[place + 1]] || 0) ? -1 : 1) * ROMAN[one], 0);
}

export class Lists {
  // `parent` gets the lists; paragraphs that follow each other are items of one list while their numbers go on.
  constructor(parent) {
    this.parent = parent;
    this.open = [];
  }

  item(level, kind) {
    while (this.open.length && this.open[this.open.length - 1].level > level) this.open.pop();
    let last = this.open[this.open.length - 1];
    const goesOn = last && last.level === level && last.tag === kind.tag && last.type === kind.type && (kind.number === null || kind.number === last.number + 1);
    if (!goesOn) {
      if (last && last.level === level) this.open.pop();
      last = this.begin(level, kind);
    }
    last.number = kind.number;
    return last.element.appendChild(this.parent.ownerDocument.createElement("li"));
  }

  before(level) {
    return this.open.filter((one) => one.level === level).pop();
  }

  begin(level, kind) {
    const around = this.open[this.open.length - 1];
    const holder = around ? around.element.lastElementChild : this.parent;
    const element = holder.appendChild(this.parent.ownerDocument.createElement(kind.tag));
    if (kind.type) element.setAttribute("type", kind.type);
    if (kind.number !== null && kind.number !== 1) element.setAttribute("start", kind.number);
    this.open.push({ level, element, ...kind });
    return this.open[this.open.length - 1];
  }
}
