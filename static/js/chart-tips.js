// Where does a line end, and what is it called? A dot and the line's name at its last point, in place of a legend.
const NEAR_LEFT = 0.25; // shares of the axes
const NEAR_RIGHT = 0.6;
const ROOM = 0.1;

// Returns the trace that marks the end of `trace`. The name stands where nothing else does: right of the dot near the
// left edge, else left of it; above a line that rises, below one that falls or runs level; off the label of a line
// that lies close.
export function tipFor(trace, layout) {
  const colour = trace.line?.color ?? "var(--measured)";
  return {
    type: "scatter",
    mode: "markers+text",
    x: trace.x.slice(-1),
    y: trace.y.slice(-1),
    text: layout.showlegend ? "" : (trace.name ?? ""),
    textposition: `${vertical(trace, layout)} ${horizontal(trace, layout)}`,
    textfont: { color: colour, size: 13, weight: 600 },
    marker: { color: colour, size: 8 },
    xaxis: trace.xaxis ?? "x",
    yaxis: trace.yaxis ?? "y",
    cliponaxis: false,
    hoverinfo: "skip",
    showlegend: false,
  };
}

// Returns the labels of the standing lines, each moved to the other side of its line where the end of a trace is near.
export function labelsBeside(traces, layout) {
  return layout.annotations?.map((label) => {
    const trace = traces.find((each) => isNear(each, label, layout));
    return trace ? { ...label, yanchor: trace.y.at(-1) <= label.y ? "bottom" : "top" } : label;
  });
}

function isNear(trace, label, layout) {
  const distance = Math.abs(trace.y.at(-1) - label.y) / span(layout.yaxis, trace.y);
  return distance < ROOM && shareOfAxis(trace, layout) > NEAR_RIGHT; // labels stand at the right end
}

function horizontal(trace, layout) {
  return shareOfAxis(trace, layout) < NEAR_LEFT ? "right" : "left";
}

function vertical(trace, layout) {
  const label = layout.annotations?.find((each) => isNear(trace, each, layout));
  if (label) return trace.y.at(-1) <= label.y ? "bottom" : "top";
  const before = trace.y.at(-11) ?? trace.y[0];
  return trace.y.at(-1) - before > 0.02 * Math.abs(trace.y.at(-1)) ? "top" : "bottom";
}

// How far along its axis the line has come, 0 to 1.
function shareOfAxis({ x }, layout) {
  const low = layout.xaxis?.range?.[0] ?? x[0];
  return (x.at(-1) - low) / span(layout.xaxis, x);
}

function span(axis, values) {
  const [low, high] = axis?.range ?? [Math.min(...values), Math.max(...values)];
  return high - low || 1;
}
