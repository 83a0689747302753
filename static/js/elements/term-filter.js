// <term-filter>: a field that leaves only the words that hold what is typed. Without it the whole list stands there.
class TermFilter extends HTMLElement {
  connectedCallback() {
    this.innerHTML = '<label for="words">Filter</label><input id="words" type="search" autocomplete="off" spellcheck="false"><output></output>';
    this.addEventListener("input", () => this.filter(this.querySelector("input").value));
  }

  filter(typed) {
    const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const section of document.querySelectorAll(".letter")) {
      for (const word of section.querySelectorAll("dl > div")) {
        const text = word.textContent.toLowerCase();
        word.hidden = !wanted.every((part) => text.includes(part));
        found += !word.hidden;
      }
      section.hidden = !section.querySelector("dl > div:not([hidden])");
    }
    this.querySelector("output").textContent = wanted.length ? `${found} found` : "";
  }
}

customElements.define("term-filter", TermFilter);
