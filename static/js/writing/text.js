// Text as the portal keeps it: normal form C, without controls and marks of direction (portal/core/text.py), and its length in words.

const UNSEEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0]/g;

export function tidy(text) {
  return text.replace(UNSEEN, "").normalize("NFC");
}

// Words as Word tells them in Vietnamese: what stands between blanks, if it has a letter or a figure.
export function words(text) {
  return (text.match(/[^\s\u00a0]*[\p{L}\p{N}][^\s\u00a0]*/gu) || []).length;
}

export function filled(text, ...values) {
  return values.reduce((sentence, value) => sentence.replace("{}", () => String(value)), text);
}

// The address of a link as the server takes it: http, https, mailto, tel, or from the root of this site. null for any other.
export function safeLink(address) {
  const href = tidy(address).replace(/\s+/g, "");
  const scheme = /^([^/?#:]*):/.exec(href);
  if (!scheme) return /^\/(?![\\/])/.test(href) ? href : null;
  return /^(https?|mailto|tel)$/i.test(scheme[1]) ? href : null;
}
