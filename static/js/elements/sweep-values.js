// <sweep-values><select name="param"><option data-values="0 0.5 1">…</select> <input name="values"></sweep-values>
// Proposes the values of the chosen setting. Without this script the server does, where the typed ones do not fit.
class SweepValues extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.propose);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.propose);
  }

  propose = ({ target }) => {
    const values = target.selectedOptions?.[0].dataset.values;
    if (values) this.querySelector("input").value = values;
  };
}

customElements.define("sweep-values", SweepValues);
