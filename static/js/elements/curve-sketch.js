// <curve-sketch label="Hit ratio" x-label="Skew" unit="%" low="0" high="100" y-scale="linear" x-scale="linear">
//   <input data-x="0.4" …> for each point, and <input data-within>, the half width of the band
// </curve-sketch>
// A bet on a curve, drawn with mouse or finger in one stroke, or point by point with the arrow keys. The number fields
// inside are the form: they are what is sent, and all there is without this script. Scales: linear, log; x also even.
const SVG = "http://www.w3.org/2000/svg";
const FORMAT = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
const [RIGHT, TOP, BOTTOM] = [22, 12, 44]; // pixels around the plot; left of it as much as its numbers need
const KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }; // hundredths
const [LETTER, REACH] = [7, 18]; // pixels

const make = (name, attributes, parent, text) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return parent.appendChild(element);
};

class CurveSketch extends HTMLElement {
  connectedCallback() {
    this.fields = [...this.querySelectorAll("input[data-x]")];
    this.within = this.querySelector("input[data-within]");
    this.low = Number(this.getAttribute("low"));
    this.high = Number(this.getAttribute("high"));
    this.addEventListener("input", this.draw);
    this.addEventListener("click", this.onClick);
    this.querySelector("svg")?.remove();
    this.build();
    this.size = new ResizeObserver(() => this.layOut());
    this.size.observe(this);
    this.layOut();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.draw);
    this.removeEventListener("click", this.onClick);
    this.size.disconnect();
  }

  build() {
    this.svg = make("svg", { class: "sheet", role: "group", "aria-label": `${this.getAttribute("label")}: your curve` }, this);
    this.prepend(this.svg);
    this.grid = make("g", { class: "grid", "aria-hidden": "true" }, this.svg);
    this.ground = make("rect", { class: "ground" }, this.svg);
    this.band = make("path", { class: "band" }, this.svg);
    this.line = make("path", { class: "line" }, this.svg);
    this.hint = make("text", { class: "hint", "text-anchor": "middle", "aria-hidden": "true" }, this.svg, "Draw your curve here");
    this.points = this.fields.map((field, i) => this.buildPoint(field, i));
    this.svg.addEventListener("pointerdown", this.onDown);
    this.svg.addEventListener("pointermove", this.onMove);
    for (const name of ["pointerup", "pointercancel"]) this.svg.addEventListener(name, () => (this.last = null));
  }

  buildPoint(field, i) {
    const name = field.closest("label")?.querySelector("[data-name]")?.textContent.trim() ?? field.dataset.x;
    const point = make("g", { class: "point", tabindex: 0, role: "slider", "aria-orientation": "vertical" }, this.svg);
    const described = { "aria-label": `${this.getAttribute("label")} at ${name}`, "aria-valuemin": this.low, "aria-valuemax": this.high };
    for (const [key, value] of Object.entries(described)) point.setAttribute(key, value);
    make("circle", { class: "reach", r: 14 }, point);
    make("circle", { class: "dot", r: 5 }, point);
    point.addEventListener("keydown", (event) => this.onKey(event, i));
    return point;
  }

  // What depends on the room there is: sizes, grid, places of the points along the axis.
  layOut() {
    const width = this.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    this.height = width < 480 ? 250 : 290;
    this.left = 18 + LETTER * Math.max(...this.ticks().map((tick, i, all) => this.tickWords(tick, i === all.length - 1).length));
    for (const [key, value] of Object.entries({ width, height: this.height, viewBox: `0 0 ${width} ${this.height}` })) this.svg.setAttribute(key, value);
    const [plotWidth, plotHeight] = [width - this.left - RIGHT, this.height - TOP - BOTTOM];
    for (const [key, value] of Object.entries({ x: this.left, y: TOP, width: plotWidth, height: plotHeight })) this.ground.setAttribute(key, value);
    this.hint.setAttribute("x", this.left + plotWidth / 2);
    this.hint.setAttribute("y", TOP + plotHeight * 0.3);
    this.xs = this.shares().map((share) => this.left + 10 + share * (plotWidth - 20));
    this.drawGrid();
    this.draw();
  }

  // How far along the axis each point stands, 0 to 1.
  shares() {
    const scale = this.getAttribute("x-scale");
    const at = this.fields.map((field, i) => (scale === "even" ? i : scale === "log" ? Math.log(field.dataset.x) : Number(field.dataset.x)));
    return at.map((value) => (value - at[0]) / (at.at(-1) - at[0] || 1));
  }

  get isLog() {
    return this.getAttribute("y-scale") === "log";
  }

  yOf(value) {
    const at = (number) => (this.isLog ? Math.log(number) : number);
    const share = (at(Math.min(this.high, Math.max(this.low, value))) - at(this.low)) / (at(this.high) - at(this.low));
    return this.height - BOTTOM - share * (this.height - TOP - BOTTOM);
  }

  valueAt(share) {
    const bound = Math.min(1, Math.max(0, share));
    if (this.isLog) return this.low * (this.high / this.low) ** bound;
    return this.low + bound * (this.high - this.low);
  }

  shareOf(value) {
    return (this.height - BOTTOM - this.yOf(value)) / (this.height - TOP - BOTTOM);
  }

  ticks() {
    if (this.isLog) {
      const first = Math.ceil(Math.log10(this.low) - 1e-9);
      const count = Math.floor(Math.log10(this.high) + 1e-9) - first + 1;
      return Array.from({ length: count }, (_, i) => 10 ** (first + i));
    }
    const rough = (this.high - this.low) / 4;
    const ten = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((n) => n * ten).find((n) => n >= rough * 0.99);
    const from = Math.ceil(this.low / step - 1e-9);
    return Array.from({ length: Math.floor(this.high / step + 1e-9) - from + 1 }, (_, i) => (from + i) * step);
  }

  tickWords(tick, isTop) {
    const unit = this.getAttribute("unit");
    return FORMAT.format(tick) + (isTop && unit ? ` ${unit}` : "");
  }

  drawGrid() {
    this.grid.replaceChildren();
    const [right, bottom] = [this.width - RIGHT, this.height - BOTTOM];
    this.ticks().forEach((tick, i, all) => {
      const y = this.yOf(tick);
      make("line", { x1: this.left, x2: right, y1: y, y2: y }, this.grid);
      make("text", { x: this.left - 8, y: y + 4, "text-anchor": "end" }, this.grid, this.tickWords(tick, i === all.length - 1));
    });
    let taken = -Infinity;
    this.fields.forEach((field, i) => {
      const words = FORMAT.format(field.dataset.x);
      make("line", { class: "tick", x1: this.xs[i], x2: this.xs[i], y1: TOP, y2: bottom }, this.grid);
      if (this.xs[i] - (words.length * LETTER) / 2 < taken) return;
      taken = this.xs[i] + (words.length * LETTER) / 2 + 6;
      make("text", { x: this.xs[i], y: bottom + 17, "text-anchor": "middle" }, this.grid, words);
    });
    make("text", { x: (this.left + right) / 2, y: bottom + 36, "text-anchor": "middle" }, this.grid, this.getAttribute("x-label"));
  }

  valueOf(field) {
    const text = field.value.replaceAll(",", "").replace("%", "").trim();
    const value = text === "" ? NaN : Number(text);
    return Number.isFinite(value) ? value : null;
  }

  draw = () => {
    if (!this.xs) return;
    const set = this.fields.map((field, i) => ({ i, value: this.valueOf(field) })).filter(({ value }) => value !== null);
    const half = (this.within && this.valueOf(this.within)) || 0;
    const path = (points, shift) => points.map(({ i, value }) => `${this.xs[i].toFixed(1)},${this.yOf(value + shift).toFixed(1)}`).join("L");
    this.line.setAttribute("d", set.length > 1 ? `M${path(set, 0)}` : "");
    this.band.setAttribute("d", set.length > 1 && half ? `M${path(set, half)}L${path([...set].reverse(), -half)}Z` : "");
    this.points.forEach((point, i) => this.place(point, i, this.valueOf(this.fields[i])));
    this.hint.toggleAttribute("hidden", set.length > 0);
    this.classList.toggle("begun", set.length > 0);
  };

  place(point, i, value) {
    const shown = value ?? this.valueAt(0.5);
    point.setAttribute("transform", `translate(${this.xs[i].toFixed(1)} ${this.yOf(shown).toFixed(1)})`);
    point.classList.toggle("unset", value === null);
    point.setAttribute("aria-valuenow", shown);
    const unit = this.getAttribute("unit");
    point.setAttribute("aria-valuetext", value === null ? "not set" : FORMAT.format(value) + (unit ? ` ${unit}` : ""));
  }

  set(i, share) {
    const value = this.valueAt(share);
    const step = 10 ** Math.floor(Math.log10((this.high - this.low) / 100));
    this.fields[i].value = this.isLog ? Number(value.toPrecision(3)) : Number((Math.round(value / step) * step).toPrecision(6));
    this.fields[i].removeAttribute("aria-invalid");
  }

  onKey(event, i) {
    const { key } = event;
    if (!(key in KEYS) && key !== "Home" && key !== "End") return;
    event.preventDefault();
    const value = this.valueOf(this.fields[i]);
    const share = value === null ? 0.5 : this.shareOf(value);
    if (key === "Home" || key === "End") this.set(i, key === "End" ? 1 : 0);
    else this.set(i, value === null ? share : share + KEYS[key] / 100);
    this.draw();
  }

  where({ clientX, clientY }) {
    const box = this.svg.getBoundingClientRect();
    return { x: clientX - box.left, share: (this.height - BOTTOM - (clientY - box.top)) / (this.height - TOP - BOTTOM) };
  }

  onDown = (event) => {
    const at = this.where(event);
    if (event.button || at.x < this.left - 6) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.last = at;
    const gaps = this.xs.map((x) => Math.abs(x - at.x));
    const nearest = gaps.indexOf(Math.min(...gaps));
    this.held = gaps[nearest] < REACH ? nearest : -1;
    if (this.held >= 0) this.set(nearest, at.share);
    this.points[nearest].focus({ preventScroll: true });
    this.draw();
  };

  // One stroke sets every point that it passes, at the height where it passes; the one it began on follows it.
  onMove = (event) => {
    if (!this.last) return;
    for (const step of event.getCoalescedEvents?.() ?? [event]) {
      const [from, to] = [this.last, this.where(step)];
      const [left, right] = from.x < to.x ? [from, to] : [to, from];
      this.xs.forEach((x, i) => {
        if (Math.abs(to.x - x) < (i === this.held ? REACH : 3)) this.set(i, to.share);
        else if (left.x <= x && x <= right.x) this.set(i, left.share + ((x - left.x) / (right.x - left.x)) * (right.share - left.share));
      });
      this.last = to;
    }
    this.draw();
  };

  onClick = ({ target }) => {
    if (!target.closest("[data-clear]")) return;
    for (const field of this.fields) field.value = "";
    this.draw();
    this.points[0].focus();
  };
}

customElements.define("curve-sketch", CurveSketch);
