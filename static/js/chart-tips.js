// Where does a line end, and what is it called? A dot and the line's name at its last point, in place of a legend.
const LETTER = 7.2; // pixels, on average, of the names
const NEAR_RIGHT = 0.6; // shares of the axes
const ROOM = 0.1; // of one name
const BETWEEN = 0.3; // of two, one below the other
const FLOOR = 0.08; // below stand the numbers of the axis
const BOXES = { bottom: [-21, -4], middle: [-9, 9], top: [4, 21] }; // pixels that a name takes, from the end of its line

// Returns a trace for each of the first `count` that marks its end. A name stands where nothing else does: right of
// the dot while there is room on a plot of `width` pixels; then left of it, on the side where its line comes less;
// away from the end of another line, and from the label of a standing one. Where names have no room of their own on a
// plot of `height` pixels, or one would be cut, none is written: `crowded` then asks for a legend in their place.
export function tipsFor({ data, layout }, count, { width, height, crowded = false }) {
  const lines = data.slice(0, count).filter(isNamed);
  const across = extent(layout.xaxis, lines);
  let cut = false;
  const tips = data.slice(0, count).map((line) => {
    if (!isNamed(line)) return { type: "scatter", x: [], y: [], showlegend: false, hoverinfo: "skip" };
    const colour = line.line?.color ?? "var(--measured)";
    const name = layout.showlegend ? "" : (line.name ?? "");
    const share = (name.length * LETTER + 14) / (width - 70);
    const at = line.x.length ? shareOf(line.x.at(-1), across) : 0;
    const hasRoom = 1 - at > share;
    cut ||= Boolean(name) && !hasRoom && at < share;
    const side = aside(line, lines, layout) ?? (hasRoom ? "middle" : calmer(line, share, layout));
    return {
      type: "scatter",
      mode: "markers+text",
      x: line.x.slice(-1),
      y: line.y.slice(-1),
      text: name,
      textposition: `${side} ${hasRoom ? "right" : "left"}`,
      textfont: { color: colour, size: 13, weight: 600 },
      marker: { color: colour, size: 8 },
      xaxis: line.xaxis ?? "x",
      yaxis: line.yaxis ?? "y",
      cliponaxis: false,
      hoverinfo: "skip",
      showlegend: false,
    };
  });
  const legend = crowded || cut || !setApart(tips, lines, layout, height);
  if (legend) for (const tip of tips) tip.text = "";
  return { tips, crowded: legend };
}

// Gives each name, from below upwards, a side that is free. Returns whether all have one.
function setApart(tips, lines, layout, height) {
  const pixel = span(layout.yaxis, [0, ...lines.flatMap((line) => line.y)]) / height;
  const named = tips.filter((tip) => tip.text && tip.y.length).sort((a, b) => a.y[0] - b.y[0]);
  let taken = -Infinity;
  for (const tip of named) {
    const [side, where] = tip.textposition.split(" ");
    const at = tip.y[0] / pixel;
    const free = [side, "bottom", "middle", "top"].find((each) => at + BOXES[each][0] >= taken);
    if (!free) return false;
    tip.textposition = `${free} ${where}`;
    taken = at + BOXES[free][1];
  }
  return true;
}

// Returns the layout without those words below the axis that would run into their neighbours on a plot of `width` pixels.
export function thinned(layout, width) {
  const { tickvals, ticktext, range } = layout.xaxis ?? {};
  if (!tickvals || !ticktext || !range) return layout;
  let taken = -Infinity;
  const words = ticktext.map((text, i) => {
    const [at, half] = [((tickvals[i] - range[0]) / (range[1] - range[0])) * width, (text.length * LETTER) / 2];
    if (at - half < taken) return "";
    taken = at + half + 4;
    return text;
  });
  return { ...layout, xaxis: { ...layout.xaxis, ticktext: words } };
}

// Returns the labels of the standing lines; one at the right end changes the side of its line if a trace ends near.
export function labelsBeside({ data, layout }, count) {
  const lines = data.slice(0, count).filter(isNamed);
  return layout.annotations?.map((label) => {
    const line = lines.find((each) => meets(each, label, lines, layout));
    return line ? { ...label, yanchor: end(line) <= label.y ? "bottom" : "top" } : label;
  });
}

// Returns the side that is left by the axis, another line's end or a label; null where all are far.
function aside(line, lines, layout) {
  const height = span(layout.yaxis, [0, ...lines.flatMap((each) => each.y)]);
  if (end(line) < FLOOR * height) return "top";
  const other = lines.find((each) => each !== line && each.y.length && isNear(line, end(each), lines, layout, BETWEEN));
  if (other && end(other) !== end(line)) return end(line) > end(other) ? "top" : "bottom";
  const label = layout.annotations?.find((each) => meets(line, each, lines, layout));
  return label ? (end(line) <= label.y ? "bottom" : "top") : null;
}

// Returns the side of its end into which the line comes less, over the width of its name.
function calmer({ x, y }, share, layout) {
  const from = x.at(-1) - share * span(layout.xaxis, x);
  const near = y.filter((_, i) => x[i] >= from);
  return Math.max(...near) - y.at(-1) <= y.at(-1) - Math.min(...near) ? "top" : "bottom";
}

const meets = (line, label, lines, layout) =>
  label.xanchor === "right" && line.x.length && shareOf(line.x.at(-1), extent(layout.xaxis, lines)) > NEAR_RIGHT && isNear(line, label.y, lines, layout);

const end = (line) => line.y.at(-1);

// Bars stand under their own names, rules over them beside them; what was taken off has none.
const isNamed = ({ type, mode, marker, visible }) =>
  type !== "bar" && visible !== false && !(mode === "markers" && marker?.symbol === "line-ew-open");

const isNear = (line, y, lines, layout, room = ROOM) =>
  Math.abs(end(line) - y) < room * span(layout.yaxis, [0, ...lines.flatMap((each) => each.y)]);

// Returns the ends of an axis, as it will be drawn for these lines: powers of ten are told as powers.
function extent(axis, lines) {
  const scale = axis?.type === "log" ? Math.log10 : Number;
  if (axis?.range) return { low: axis.range[0], high: axis.range[1], scale };
  const values = lines.flatMap((line) => line.x.map(scale)).filter(Number.isFinite);
  const seed = axis?.rangemode === "tozero" && scale === Number ? [0, 0] : [Infinity, -Infinity];
  const [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], seed);
  return { low, high, scale };
}

// How far along its axis a value is, 0 to 1.
const shareOf = (value, { low, high, scale }) => (scale(value) - low) / (high - low || 1);

function span(axis, values) {
  const [low, high] = axis?.range ?? values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [0, 0]);
  return high - low || 1;
}
