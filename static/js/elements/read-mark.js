// <read-mark minutes="9"><form>…</form></read-mark>: stands where the text of a lesson ends. The page is the same for
// everybody, so this puts in what one reader has read: ticks in the list of parts, and at the end a form that keeps it.
// The end counts as reached once it is in view after a quarter of the reading time with the page before one's eyes.
const RETRY_S = 30;

class ReadMark extends HTMLElement {
  connectedCallback() {
    if (this.seconds >= 0) return;
    this.seconds = 0;
    this.rest = 0;
    new IntersectionObserver(([{ isIntersecting }]) => (this.inView = isIntersecting)).observe(this);
    setInterval(() => this.tick(), 1000);
    this.addEventListener("htmx:after:swap", () => this.tickPart());
    this.addEventListener("htmx:finally:request", () => (this.busy = false));
    for (const name of ["htmx:error", "htmx:response:error"]) this.addEventListener(name, () => this.fail());
    // Who has never had a form has never sent one: there is nothing to ask for.
    if (document.cookie.includes("csrftoken=")) this.tickRead();
  }

  tick() {
    if (!document.hidden) this.seconds += 1;
    this.rest -= 1;
    const form = this.querySelector("[data-open]");
    if (!form || !this.inView || this.busy || this.rest > 0 || this.seconds < this.getAttribute("minutes") * 15) return;
    this.busy = true;
    form.requestSubmit();
  }

  async tickRead() {
    const response = await fetch("/learn/read/").catch(() => null);
    if (!response?.ok) return;
    for (const name of (await response.json()).read)
      document.querySelector(`.parts a[href="/learn/${name}/"]`)?.parentElement.classList.add("read");
  }

  tickPart() {
    const form = this.firstElementChild;
    this.querySelector("read-mark > .error")?.remove();
    if (form.method === "post") document.querySelector(".parts .on")?.classList.toggle("read", "read" in form.dataset);
  }

  fail() {
    if (this.firstElementChild.method !== "post") return;
    this.rest = RETRY_S;
    const said = this.querySelector("read-mark > .error") ?? document.createElement("p");
    Object.assign(said, { className: "error", textContent: "Not kept yet: there was no useful answer." });
    this.append(said);
  }
}

customElements.define("read-mark", ReadMark);
