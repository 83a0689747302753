// How is a figure drawn, and how does it grow? Loaded with Plotly itself, when the first chart comes near the screen.
import "../vendor/plotly-cartesian.min.js";
import { offerLayers, withLayers } from "./chart-layers.js";
import { offerPng } from "./chart-png.js";
import { OPTIONS, layoutWith, resolveColours } from "./chart-theme.js";
import { labelsBeside, thinned, tipsFor } from "./chart-tips.js";

const { Plotly } = window;
const [SIDES, ENDS] = [70, 60]; // pixels beside, above and below the plot, about

// Draws the whole figure of a <lab-chart> in the colours of now. Lists are copied: Plotly extends its own.
export function drawAll(chart) {
  const { plot } = chart;
  const { data, layout, series } = withLayers(chart);
  const copies = data.map((trace) => ({ ...trace, x: trace.x && [...trace.x], y: trace.y && [...trace.y] }));
  const traces = [...copies, ...tips(chart)];
  const annotations = labelsBeside({ data, layout }, series.length);
  const said = thinned({ ...layout, annotations }, chart.clientWidth - SIDES);
  const drawn = resolveColours({ traces, layout: layoutWith(said, chart) }, chart);
  Plotly.react(plot, drawn.traces, drawn.layout, OPTIONS);
  offerLayers(chart);
  offerPng(chart, Plotly);
}

// Adds points to what is drawn. `fresh` maps a trace to its new points; a line keeps `most` of them, its tip the last.
export function extend(chart, fresh, most) {
  const { figure, plot } = chart;
  const ends = tips(chart);
  const update = { x: [], y: [] };
  const [traces, kept] = [[], []];
  const add = (trace, points, number) => {
    traces.push(trace);
    kept.push(number);
    update.x.push(points.map(([at]) => at));
    update.y.push(points.map(([, value]) => value));
  };
  for (const [i, points] of fresh) {
    const tip = figure.data.length + i;
    add(i, points, most);
    if (!ends[i].x.length) continue; // a bar, or a line that is taken off, bears no name at its end
    add(tip, points.slice(-1), 1);
    Object.assign(plot.data[tip], { textposition: ends[i].textposition, text: ends[i].text });
  }
  Plotly.extendTraces(plot, update, traces, { x: kept, y: kept });
}

const tips = (chart) =>
  tipsFor(withLayers(chart), chart.figure.series.length, chart.clientWidth, chart.plot.clientHeight - ENDS);

export const fit = (plot) => Plotly.Plots.resize(plot);

export const discard = (plot) => Plotly.purge(plot);
