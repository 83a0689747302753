// <copy-link><a href="/runs/ID/">Permalink</a></copy-link>: copies the address and says so.
// Without the clipboard (plain HTTP, an old browser) the link is just a link.
class CopyLink extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  async handleEvent(event) {
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || !navigator.clipboard) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      location.assign(link.href); // the browser refused: show the address instead
      return;
    }
    this.say(link, "Link copied");
  }

  say(link, words) {
    const before = (this.words ??= link.textContent);
    link.setAttribute("aria-live", "polite");
    link.textContent = words;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (link.textContent = before), 2500);
  }
}

customElements.define("copy-link", CopyLink);
