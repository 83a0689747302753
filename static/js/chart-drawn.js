// What is drawn of a figure on a plot of a size? Its traces, the ends of its lines, and a legend where names collide.
import { withLayers } from "./chart-layers.js";
import { labelsBeside, thinned, tipsFor } from "./chart-tips.js";

const [SIDES, ENDS] = [70, 60]; // pixels beside, above and below the plot, about

// Returns {tips, crowded} for a <lab-chart> of `width` × `height` pixels; see tipsFor.
export const endsOf = (chart, width, height, crowded) =>
  tipsFor(withLayers(chart), chart.figure.series.length, { width, height: height - ENDS, crowded });

// Returns {traces, layout, crowded}. Lists are copied: Plotly extends its own.
export function drawnOf(chart, width, height, legend = false) {
  const { data, layout, series } = withLayers(chart);
  const { tips, crowded } = endsOf(chart, width, height, legend);
  const copies = data.map((trace) => ({
    ...trace,
    x: trace.x && [...trace.x],
    y: trace.y && [...trace.y],
    ...(crowded ? { showlegend: Boolean(trace.name) && trace.showlegend !== false } : {}),
  }));
  const annotations = labelsBeside({ data, layout }, series.length);
  const said = thinned({ ...layout, annotations, ...(crowded ? { showlegend: true } : {}) }, width - SIDES);
  return { traces: [...copies, ...tips], layout: said, crowded };
}
