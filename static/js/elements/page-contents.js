// <page-contents><ol>…</ol></page-contents>: marks the section that is being read. Only where the list stands beside the text.
class PageContents extends HTMLElement {
  connectedCallback() {
    this.links = [...this.querySelectorAll("li:not(.sub) a")];
    addEventListener("scroll", () => this.mark(), { passive: true });
    this.mark();
  }

  mark() {
    const passed = (link) => document.getElementById(link.hash.slice(1))?.getBoundingClientRect().top < innerHeight / 3;
    const now = this.links.findLast(passed);
    if (now === this.now) return;
    this.now?.removeAttribute("aria-current");
    now?.setAttribute("aria-current", "location");
    this.now = now;
  }
}

customElements.define("page-contents", PageContents);
