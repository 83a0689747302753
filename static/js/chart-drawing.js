// How is a figure drawn, and how does it grow? Loaded with Plotly itself, when the first chart comes near the screen.
import "../vendor/plotly-cartesian.min.js";
import { drawnOf, endsOf } from "./chart-drawn.js";
import { offerLayers } from "./chart-layers.js";
import { offerPng } from "./chart-png.js";
import { OPTIONS, layoutWith, resolveColours } from "./chart-theme.js";

const { Plotly } = window;

// Draws the whole figure of a <lab-chart> in the colours of now.
export function drawAll(chart) {
  const { plot } = chart;
  const { traces, layout, crowded } = drawnOf(chart, chart.clientWidth, plot.clientHeight);
  chart.crowded = crowded;
  const drawn = resolveColours({ traces, layout: layoutWith(layout, chart) }, chart);
  Plotly.react(plot, drawn.traces, drawn.layout, OPTIONS);
  offerLayers(chart);
  offerPng(chart, Plotly);
}

// Adds points to what is drawn. `fresh` maps a trace to its new points; a line keeps `most` of them, its tip the last.
// Lines that come too close to each other for their names get a legend, and are drawn anew for it.
export function extend(chart, fresh, most) {
  const { figure, plot } = chart;
  const { tips: ends, crowded } = endsOf(chart, chart.clientWidth, plot.clientHeight, chart.crowded);
  if (crowded && !chart.crowded) {
    drawAll(chart);
    return;
  }
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

export const fit = (plot) => Plotly.Plots.resize(plot);

export const discard = (plot) => Plotly.purge(plot);
