// <run-form><form>…</form></run-form>: takes the first submit and no second one until it was answered.
// The server guards against doubles by the form's hidden idempotency key; this only spares the learner the doubt.
// The button stays focusable (aria-disabled, not disabled), so that the keyboard does not lose its place.
class RunForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.onSubmit, { capture: true });
    this.addEventListener("htmx:finally:request", this.release);
    window.addEventListener("pageshow", this.onPageShow);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.onSubmit, { capture: true });
    this.removeEventListener("htmx:finally:request", this.release);
    window.removeEventListener("pageshow", this.onPageShow);
  }

  onSubmit = (event) => {
    if (this.button) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    this.button = event.submitter ?? event.target.querySelector("button:not([type=button])");
    this.button?.setAttribute("aria-disabled", "true");
    // A listener that cancels the submit leaves the form in use. htmx cancels as well, but says when it has ended.
    setTimeout(() => event.defaultPrevented && !this.isHtmx(event) && this.release());
  };

  // A page that comes back from the history is as it was left: with its button held.
  onPageShow = (event) => event.persisted && this.release();

  release = () => {
    this.button?.removeAttribute("aria-disabled");
    this.button = null;
  };

  isHtmx({ target, submitter }) {
    const asks = "[hx-post],[hx-get],[hx-action]";
    return target.matches(asks) || Boolean(submitter?.matches(asks));
  }
}

customElements.define("run-form", RunForm);
