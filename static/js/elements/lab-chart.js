// <lab-chart label="Hit ratio climbs to 57 %…" name="hit-ratio" heading="…" source="measured · …">
//   <script type="application/json">…</script></lab-chart>
// Draws {"data", "layout", "series"}: trace i shows series[i] and grows with the "lab-points" of its lab-run; further
// traces stand still. The figure may stand in the attribute `figure` instead, and is drawn anew when that changes.
// Colours are written "var(--measured)" and follow the theme. What draws is loaded when the chart comes near the
// screen; until then, and in a hidden tab, points are only kept. `heading` and `source` go with the saved picture.
const KEPT = 2000; // points a line
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

class LabChart extends HTMLElement {
  static observedAttributes = ["figure", "label"];
  #drawing = null; // the module that draws, once it is here
  #fresh = null; // points that are kept but not yet drawn, by trace; null: draw all anew
  #timer = 0;

  connectedCallback() {
    this.figure ??= this.read();
    this.run = this.closest("lab-run") ?? this.closest("[data-panel]")?.querySelector("lab-run");
    this.run?.addEventListener("lab-points", this.onPoints);
    this.run?.addEventListener("lab-restart", this.onRestart);
    document.addEventListener("themechange", this.redraw);
    dark.addEventListener("change", this.redraw);
    document.addEventListener("visibilitychange", this.schedule);
    this.near = new IntersectionObserver(this.onNear, { rootMargin: "400px" });
    this.near.observe(this);
    this.size = new ResizeObserver(() => this.#drawing?.fit(this.plot));
    this.size.observe(this);
  }

  disconnectedCallback() {
    this.run?.removeEventListener("lab-points", this.onPoints);
    this.run?.removeEventListener("lab-restart", this.onRestart);
    document.removeEventListener("themechange", this.redraw);
    dark.removeEventListener("change", this.redraw);
    document.removeEventListener("visibilitychange", this.schedule);
    this.near.disconnect();
    this.size.disconnect();
    clearTimeout(this.#timer);
    this.#drawing?.discard(this.plot);
    this.#drawing = null;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.figure || before === now) return;
    if (name === "label") this.plot.setAttribute("aria-label", now ?? "Chart");
    else {
      this.figure = this.read();
      this.redraw();
    }
  }

  read() {
    const written = this.getAttribute("figure") ?? this.querySelector('script[type="application/json"]').textContent;
    const figure = JSON.parse(written);
    figure.series ??= [];
    for (const trace of figure.data.slice(0, figure.series.length)) {
      trace.x ??= [];
      trace.y ??= [];
    }
    this.plot = this.querySelector(".plot") ?? this.appendChild(document.createElement("div"));
    this.plot.className = "plot";
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", this.getAttribute("label") ?? "Chart");
    return figure;
  }

  onNear = async ([{ isIntersecting }]) => {
    if (!isIntersecting || this.#drawing) return;
    this.near.disconnect();
    await new Promise(requestAnimationFrame); // the page is painted first
    const drawing = await import("../chart-drawing.js").catch((error) => this.fail(error));
    if (!drawing || !this.isConnected) return;
    this.#drawing = drawing;
    this.redraw();
  };

  fail(error) {
    this.plot.classList.add("chart-failed");
    this.plot.removeAttribute("role");
    this.plot.textContent = "The chart did not load. Its figures and its data table are below.";
    console.error(error);
  }

  onPoints = ({ detail }) => {
    this.figure.series.forEach((name, i) => {
      const points = detail.points?.[name] ?? [];
      if (points.length) this.keep(i, points);
    });
    this.schedule();
  };

  keep(i, points) {
    const trace = this.figure.data[i];
    trace.x = [...trace.x, ...points.map(([at]) => at)].slice(-KEPT);
    trace.y = [...trace.y, ...points.map(([, value]) => value)].slice(-KEPT);
    this.#fresh?.set(i, [...(this.#fresh.get(i) ?? []), ...points].slice(-KEPT));
  }

  onRestart = () => {
    this.figure.series.forEach((_, i) => Object.assign(this.figure.data[i], { x: [], y: [] }));
    this.#fresh = null;
    this.schedule();
  };

  schedule = () => {
    this.#timer ||= setTimeout(this.draw, still.matches ? 1000 : 100);
  };

  draw = () => {
    this.#timer = 0;
    if (!this.#drawing || document.hidden) return;
    if (!this.#fresh) this.redraw();
    else if (this.#fresh.size) {
      this.#drawing.extend(this, this.#fresh, KEPT);
      this.#fresh = new Map();
    }
  };

  redraw = () => {
    if (!this.#drawing) return;
    this.#fresh = new Map();
    this.#drawing.drawAll(this);
  };
}

customElements.define("lab-chart", LabChart);
