// <bet-form for="lab-caching"><form class="predict" action="/labs/caching/">…</form></bet-form>
// A bet made in the text of a lesson runs in the lab panel with that id. The panel is asked for anew at the form's
// own address, which carries the bet and its settings; then its form is submitted. Without JavaScript, or without
// such a panel on the page, the form goes to that address itself: the page of the lab, with the bet filled in.
const PATIENCE_MS = 5000;

class BetForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this);
  }

  async handleEvent(event) {
    const panel = document.getElementById(this.getAttribute("for"));
    if (!panel || !window.htmx) return;
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    const { target: form, submitter } = event;
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form, submitter)) address.searchParams.set(name, value);
    await this.runIn(await arrived(panel), address, submitter);
    this.busy = false;
  }

  async runIn(panel, address, submitter) {
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { id } = panel;
    await window.htmx.ajax("GET", address.href, { source: this, target: panel, swap: "outerHTML" });
    const form = document.querySelector(`#${CSS.escape(id)} form[method=post]`);
    if (!form) {
      location.assign(address);
      return;
    }
    const fresh = document.getElementById(id);
    fresh.setAttribute("tabindex", "-1");
    fresh.focus({ preventScroll: true });
    fresh.scrollIntoView({ behavior: smooth ? "smooth" : "auto", block: "start" });
    const same = submitter?.name && `button[name="${submitter.name}"][value="${submitter.value}"]`;
    form.requestSubmit((same && form.querySelector(same)) || undefined);
  }
}

// Returns the panel with this one's id once it is here. It may still be on its way into the page, and would take the
// place of the answer to a bet that was faster.
async function arrived(panel) {
  const gone = performance.now() + PATIENCE_MS;
  const now = () => document.getElementById(panel.id);
  while (!("panel" in now().dataset) && performance.now() < gone) await new Promise((next) => setTimeout(next, 50));
  return now();
}

customElements.define("bet-form", BetForm);
