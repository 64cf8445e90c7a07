// One line below the toolbar: what was left out of a paste, and one question at a time.

export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  });
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function button(label, run, name = "button second") {
  const made = element("button", { type: "button", class: name }, label);
  made.addEventListener("click", run);
  return made;
}

export class Notices {
  constructor(texts) {
    this.words = element("p", { role: "status" });
    this.close = button(texts("close"), () => this.say(""), "writing-close");
    this.said = element("div", { class: "notice info writing-notice", hidden: true }, this.words, this.close);
    this.question = element("div", { class: "notice warn writing-notice", role: "group", hidden: true });
    this.live = element("p", { role: "status", class: "writing-unseen" });
    this.element = element("div", { class: "writing-notices" }, this.said, this.question, this.live);
  }

  say(sentence) {
    this.said.hidden = !sentence;
    this.words.textContent = sentence;
  }

  ask(sentence, answers) {
    if (this.question.hidden || this.asked !== sentence) {
      const words = element("p", {}, sentence);
      this.question.textContent = "";
      this.question.append(words);
      answers.forEach(([label, run]) => this.question.append(button(label, run)));
      this.question.setAttribute("aria-label", sentence);
      this.live.textContent = sentence;
    }
    this.asked = sentence;
    this.question.hidden = false;
  }

  stopAsking() {
    if (this.question.hidden) return;
    this.question.hidden = true;
    this.live.textContent = "";
  }
}
