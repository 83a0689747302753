// How do charts take part in the site's look? Colours by name, one plain layout, one plain set of options.
const COLOUR = /^var\((--[\w-]+)\)$/;

// No toolbar of Plotly's, no cloud, no logo: nothing leaves this origin.
export const OPTIONS = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  doubleClick: false,
  scrollZoom: false,
};

// Returns `value` with each "var(--name)" replaced by the colour it has now, as rgba() that Plotly reads.
// A canvas does the reading: it understands light-dark() and color-mix() because the browser resolved them before.
export function resolveColours(value, element) {
  const probe = element.appendChild(document.createElement("i"));
  probe.style.transitionProperty = "none"; // a transition, however short, would answer with the colour before
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const read = (name) => {
    probe.style.color = `var(${name})`;
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = getComputedStyle(probe).color;
    paint.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
    return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  };
  const walk = (item) => {
    if (typeof item === "string") {
      const name = item.match(COLOUR)?.[1];
      if (!name) return item;
      if (!known.has(name)) known.set(name, read(name));
      return known.get(name);
    }
    if (Array.isArray(item)) return typeof item[0] === "number" ? item : item.map(walk);
    if (item && typeof item === "object") return mapValues(item, walk);
    return item;
  };
  const resolved = walk(value);
  probe.remove();
  return resolved;
}

const mapValues = (item, change) =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, change(value)]));

const AXIS = {
  gridcolor: "var(--rule)",
  showline: false,
  ticklabelstandoff: 6,
  zeroline: false,
  fixedrange: true,
  automargin: true,
  showexponent: "all", // the k of 40k at each tick: Plotly would show it where it shows the unit
  tickfont: { size: 12.5, color: "var(--quiet)" },
  ticks: "",
  title: { font: { size: 12.5, color: "var(--quiet)" } },
};

const LAYOUT = {
  autosize: true,
  showlegend: false,
  legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
  dragmode: false,
  hovermode: "x",
  margin: { l: 48, r: 16, t: 16, b: 36 },
  paper_bgcolor: "var(--sheet)",
  plot_bgcolor: "var(--sheet)",
  hoverlabel: { bgcolor: "var(--sheet)", bordercolor: "var(--edge)", font: { color: "var(--ink)", size: 13 } },
  xaxis: { ...AXIS, showgrid: false },
  yaxis: { ...AXIS, showticksuffix: "last" }, // the unit once, at the top
};

// Returns the server's layout laid over the plain one: what the server says, holds.
export function layoutWith(layout, element) {
  const family = getComputedStyle(element).getPropertyValue("--sans");
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d+$/.test(name));
  const plain = { ...LAYOUT, ...Object.fromEntries(axes.map((name) => [name, AXIS])) };
  return merge({ ...plain, font: { family, color: "var(--quiet)", size: 13 } }, layout);
}

function merge(below, above) {
  const plain = (item) => item && typeof item === "object" && !Array.isArray(item);
  if (!plain(below) || !plain(above)) return above === undefined ? below : above;
  const names = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...names].map((name) => [name, merge(below[name], above[name])]));
}
