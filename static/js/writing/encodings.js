// Two encodings of Vietnamese from before Unicode, as tables of facts. Text in them looks right only in its own fonts.
//
// TCVN3, fonts ".Vn…": TCVN 5712:1993 (VN3), published by Vietnam's directorate for standards; one byte a letter. Its few
// capitals are those below; all others are small letters in a font of capitals, whose name ends with H (".VnTimeH").
// VNI, fonts "VNI-…": the table "VNI Windows" of VNI Software; a letter, then a character for its mark.
// Both arrive as the characters of windows-1252 at the same places. Some of the capitals of VNI carry a small mark.

const TCVN3_FROM = 0xa1;
const TCVN3 = // A1 to FE; a blank where VN3 has no letter
  "ĂÂÊÔƠƯĐăâêôơưđ      àảãáạ ằẳẵắ " +
  "      ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò" +
  " ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ";

const VNI_LETTERS = { "ô": "ơ", "ö": "ư", "ñ": "đ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ" };
const GRAVE = "\u0300", ACUTE = "\u0301", TILDE = "\u0303", HOOK = "\u0309", DOT = "\u0323", BREVE = "\u0306", HAT = "\u0302";
const VNI_MARKS = {
  "ø": GRAVE, "ù": ACUTE, "û": HOOK, "õ": TILDE, "ï": DOT,
  "ê": BREVE, "è": BREVE + GRAVE, "é": BREVE + ACUTE, "ú": BREVE + HOOK, "ü": BREVE + TILDE, "ë": BREVE + DOT,
  "â": HAT, "à": HAT + GRAVE, "á": HAT + ACUTE, "å": HAT + HOOK, "ã": HAT + TILDE, "ä": HAT + DOT,
};
const VNI_MARKED = { a: /^[øùûõïêèéúüëâàáåãä]$/, e: /^[øùûõïâàáåãä]$/, o: /^[øùûõïâàáåãä]$/, u: /^[øùûõï]$/, y: /^[øùûõ]$/, "ô": /^[øùûõï]$/, "ö": /^[øùûõï]$/ };

// The encoding that a font's name tells: "tcvn3", "tcvn3-capitals", "vni", or null.
export function encodingOf(families) {
  const first = families.split(",")[0].trim().replace(/^["']+|["']+$/g, "").trim();
  if (/^\.vn/i.test(first)) return /[a-z0-9 ]H$/.test(first) ? "tcvn3-capitals" : "tcvn3";
  return /^vni[- ]/i.test(first) ? "vni" : null;
}

export function toUnicode(text, encoding) {
  if (encoding === "vni") return fromVni(text);
  const said = Array.from(text.replace(/\u03bc/g, "\u00b5"), (letter) => { // some programs copy the micro sign as a Greek letter
    const found = TCVN3[letter.codePointAt(0) - TCVN3_FROM];
    return found && found !== " " ? found : letter;
  }).join("");
  return encoding === "tcvn3-capitals" ? said.toLocaleUpperCase("vi") : said;
}

function fromVni(text) {
  let said = "";
  for (let place = 0; place < text.length; place++) {
    const base = text[place].toLowerCase();
    const next = (text[place + 1] || "").toLowerCase();
    const isMarked = Boolean(next && VNI_MARKED[base] && VNI_MARKED[base].test(next));
    const letter = (VNI_LETTERS[base] || base) + (isMarked ? VNI_MARKS[next] : "");
    said += text[place] === base ? letter : letter.toUpperCase();
    if (isMarked) place++;
  }
  return said.normalize("NFC");
}
