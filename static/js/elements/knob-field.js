// <knob-field class="knob" data-default="10" data-unit="%"><label>…</label> control, slider, <output> </knob-field>
// Keeps the parts of one setting in step and marks it where it differs from the default. The control is what has a
// name: a field, a select, or a range beside an <output>. A range without a name is a second handle on the field.
// Below a select stands what its chosen option means (.chosen, from the option's data-help).
const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 6 });

class KnobField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.onInput);
    this.addEventListener("keydown", this.onKey);
    for (const name of ["mouseleave", "focusout"]) this.addEventListener(name, this.onLeave);
    this.form = this.closest("form");
    this.form?.addEventListener("reset", this.onReset);
    this.show();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.onInput);
    this.removeEventListener("keydown", this.onKey);
    for (const name of ["mouseleave", "focusout"]) this.removeEventListener(name, this.onLeave);
    this.form?.removeEventListener("reset", this.onReset);
  }

  get control() {
    return this.querySelector("input[name], select[name]");
  }

  get range() {
    return this.querySelector("input[type=range]");
  }

  onInput = ({ target }) => {
    const { control, range } = this;
    if (range && target === range && control !== range) control.value = range.value;
    this.show();
  };

  // Escape puts the words about a setting away until the pointer or the keyboard comes back.
  onKey = ({ key }) => key === "Escape" && this.classList.add("dismissed");

  onLeave = () => this.classList.remove("dismissed");

  onReset = () => setTimeout(() => this.show()); // the values are reset after the event

  show() {
    const { control, range } = this;
    if (!control) return;
    const value = control.value.replaceAll(",", "");
    if (range) this.fill(range, control === range ? range.value : value);
    const output = this.querySelector("output");
    if (output) output.textContent = this.words(control);
    if (control === range) range.setAttribute("aria-valuetext", this.words(control));
    this.classList.toggle("changed", this.differs(value));
    const chosen = this.querySelector(".chosen");
    if (chosen && control.options) chosen.textContent = control.selectedOptions[0]?.dataset.help ?? "";
  }

  fill(range, value) {
    if (value !== "" && !Number.isNaN(Number(value))) range.value = value;
    const [low, high] = [Number(range.min || 0), Number(range.max || 100)];
    this.style.setProperty("--fill", `${((100 * (range.value - low)) / (high - low)).toFixed(2)}%`);
  }

  differs(value) {
    const standard = this.dataset.default;
    if (standard === undefined || value === "") return false; // an empty field means the default
    return Number.isNaN(Number(standard)) ? value !== standard : Number(value) !== Number(standard);
  }

  words(control) {
    const unit = this.dataset.unit;
    return NUMBER.format(Number(control.value)) + (unit ? `\u00a0${unit}` : "");
  }
}

customElements.define("knob-field", KnobField);
