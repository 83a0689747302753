// <term-tip>: the definition of the marked word under the pointer, the focus or the finger. Esc takes it away, a second
// tap follows the word. Definitions are fetched when the first one is wanted; until then, and without this, words are links.
const APART = 6; // pixels between word and tip
const GRACE_MS = 250; // the pointer may cross that gap

class TermTip extends HTMLElement {
  connectedCallback() {
    this.id = "term-tip";
    this.setAttribute("role", "tooltip");
    this.hidden = true;
    for (const name of ["pointerover", "pointerdown", "click", "focusin", "focusout", "keydown"]) document.addEventListener(name, this);
  }

  handleEvent(event) {
    const word = event.target.closest?.("a.term");
    const inside = this.contains(event.target);
    const touch = event.pointerType === "touch";
    if (event.type === "keydown") return event.key === "Escape" && this.hide();
    if (event.type === "focusout") return this.hide();
    if (event.type === "focusin") return word && this.show(word);
    if (event.type === "pointerdown") {
      this.again = word === this.word; // also where no definition could be had: the word is a link still
      return word || inside || this.hide();
    }
    if (event.type === "click") {
      if (!word || !touch || this.again) return;
      event.preventDefault();
      return this.show(word);
    }
    if (touch) return;
    clearTimeout(this.leaving);
    if (word) this.show(word);
    else if (!inside && this.word !== document.activeElement) this.leaving = setTimeout(() => this.hide(), GRACE_MS);
  }

  async show(word) {
    if (word === this.word) return;
    this.hide();
    this.word = word;
    const [term, means] = (await this.definitions(word))[word.hash.slice(1)] ?? [];
    if (!means || word !== this.word) return;
    this.replaceChildren(Object.assign(document.createElement("b"), { textContent: term }), ": " + means);
    this.hidden = false;
    word.setAttribute("aria-describedby", this.id);
    this.place(word.getClientRects()[0]);
  }

  definitions(word) {
    const failed = () => ((this.all = null), {});
    return (this.all ??= fetch(new URL("terms.json", word.href)).then((answer) => (answer.ok ? answer.json() : failed()), failed));
  }

  place(line) {
    const { width, height } = this.getBoundingClientRect();
    const below = line.bottom + APART + height < innerHeight || line.top < height + APART;
    this.style.left = `${scrollX + Math.max(8, Math.min(line.left, document.documentElement.clientWidth - width - 8))}px`;
    this.style.top = `${scrollY + (below ? line.bottom + APART : line.top - APART - height)}px`;
  }

  hide() {
    clearTimeout(this.leaving);
    this.word?.removeAttribute("aria-describedby");
    this.word = null;
    this.hidden = true;
    this.style.left = 0;
  }
}

customElements.define("term-tip", TermTip);
const tip = document.createElement("term-tip");
document.querySelector("main").append(tip); // not in the body: all that a page says stands in its landmarks

