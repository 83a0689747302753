// <lab-chart label="Hit ratio climbs to 57 %…" name="caching-hit-ratio"><script type="application/json">…</script></lab-chart>
// Draws {"data", "layout", "series", "scale"}: trace i shows series[i] and grows with the "lab-points" of its lab-run,
// each value times `scale` (100 for shares in per cent); further traces stand still. Colours are written
// "var(--measured)" and follow the theme. Plotly is loaded when the chart comes near the screen; until then, and in
// a hidden tab, points are only kept.
import { OPTIONS, layoutWith, resolveColours } from "../chart-theme.js";
import { offerPng } from "../chart-png.js";
import { labelsBeside, tipsFor } from "../chart-tips.js";

const KEPT = 2000; // points a line
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

class LabChart extends HTMLElement {
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
    this.size = new ResizeObserver(() => this.plotly?.Plots.resize(this.plot));
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
    this.plotly?.purge(this.plot);
    this.plotly = null;
  }

  read() {
    const figure = JSON.parse(this.querySelector('script[type="application/json"]').textContent);
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
    if (!isIntersecting || this.plotly) return;
    this.near.disconnect();
    await new Promise(requestAnimationFrame); // the page is painted first
    await import("../../vendor/plotly-cartesian.min.js").catch((error) => this.fail(error));
    if (!this.isConnected || !window.Plotly) return;
    this.plotly = window.Plotly;
    this.redraw();
    offerPng(this);
  };

  fail(error) {
    this.plot.classList.add("chart-failed");
    this.plot.removeAttribute("role");
    this.plot.textContent = "The chart did not load. Its figures and its data table are below.";
    console.error(error);
  }

  onPoints = ({ detail }) => {
    this.figure.series.forEach((name, i) => {
      const points = (detail.points?.[name] ?? []).map(([at, value]) => [at, value * (this.figure.scale ?? 1)]);
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
    if (!this.plotly || document.hidden) return;
    if (!this.#fresh) this.redraw();
    else if (this.#fresh.size) this.extend();
  };

  // The whole figure, in the colours of now. Lists are copied: Plotly extends its own.
  redraw = () => {
    if (!this.plotly) return;
    const { data, layout, series } = this.figure;
    const copies = data.map((trace) => ({ ...trace, x: trace.x && [...trace.x], y: trace.y && [...trace.y] }));
    this.tips = series.map((_, i) => data.length + i);
    const traces = [...copies, ...tipsFor(this.figure, series.length, this.clientWidth)];
    this.#fresh = new Map();
    const annotations = labelsBeside(this.figure, series.length);
    const drawn = resolveColours({ traces, layout: layoutWith({ ...layout, annotations }, this) }, this);
    this.plotly.react(this.plot, drawn.traces, drawn.layout, OPTIONS);
  };

  extend() {
    const update = { x: [], y: [] };
    const [traces, most] = [[], []];
    const add = (trace, points, kept) => {
      traces.push(trace);
      most.push(kept);
      update.x.push(points.map(([at]) => at));
      update.y.push(points.map(([, value]) => value));
    };
    const tips = tipsFor(this.figure, this.figure.series.length, this.clientWidth);
    for (const [i, points] of this.#fresh) {
      add(i, points, KEPT);
      add(this.tips[i], points.slice(-1), 1);
      this.plot.data[this.tips[i]].textposition = tips[i].textposition;
    }
    this.#fresh = new Map();
    this.plotly.extendTraces(this.plot, update, traces, { x: most, y: most });
  }
}

customElements.define("lab-chart", LabChart);
