// How does a chart become a picture to keep? A button beside it saves what is drawn, with its finding above and
// where it comes from below that: a picture travels without its page.
import { drawnOf } from "./chart-drawn.js";
import { layoutWith, resolveColours } from "./chart-theme.js";

const [WIDTH, HEIGHT, LINE] = [1000, 560, 92]; // pixels; letters of the title in a line
const [SOURCE, LEGEND, LETTER] = [76, 26, 8]; // pixels above the plot: its source; a row of a legend; its letters

export function offerPng(chart, plotly) {
  if (chart.querySelector(".chart-tools")) return;
  const tools = chart.appendChild(document.createElement("div"));
  tools.className = "chart-tools";
  const button = tools.appendChild(document.createElement("button"));
  Object.assign(button, { type: "button", className: "link", textContent: "Save as PNG" });
  button.addEventListener("click", () => save(chart, plotly));
}

function save(chart, plotly) {
  const filename = chart.getAttribute("name") ?? `${chart.closest("[data-panel]")?.id ?? "lab"}-chart`;
  plotly.downloadImage(pictureOf(chart), { format: "png", filename, width: WIDTH, height: HEIGHT, scale: 2 });
}

// Returns the figure drawn for the size of the picture, on its own ground, with room for its title and its source.
export function pictureOf(chart) {
  const { traces, layout } = drawnOf(chart, WIDTH, HEIGHT - SOURCE, true); // in a legend no name lies on a line
  const named = { ground: "var(--sheet)", ink: "var(--ink)", quiet: "var(--quiet)" };
  const { ground, ink, quiet, data, plain } = resolveColours(
    { ...named, data: traces, plain: layoutWith(layout, chart) },
    chart,
  );
  const style = getComputedStyle(chart);
  const title = inLines(chart.getAttribute("heading") ?? chart.getAttribute("label") ?? "");
  const source = { text: chart.getAttribute("source") ?? "", font: { size: 13, color: quiet } };
  const font = { family: style.getPropertyValue("--serif"), size: 20, color: ink };
  const above = SOURCE + 26 * (title.split("<br>").length - 1) + (plain.showlegend ? LEGEND * rowsOf(traces) : 0);
  return {
    data,
    layout: {
      ...plain,
      ...{ paper_bgcolor: ground, plot_bgcolor: ground, autosize: false, width: WIDTH, height: HEIGHT },
      title: { text: title, x: 0.02, xanchor: "left", y: 0.96, yanchor: "top", font, subtitle: source },
      margin: { ...plain.margin, l: 64, r: 28, t: above, b: 48 },
    },
  };
}

// Returns how many rows a legend takes: its entries are all as wide as the widest.
function rowsOf(traces) {
  const names = traces.filter(({ name, showlegend }) => name && showlegend !== false).map(({ name }) => name.length);
  const width = Math.max(1, ...names) * LETTER + 50;
  return Math.ceil(names.length / Math.max(1, Math.floor((WIDTH - 92) / width)));
}

function inLines(text) {
  const lines = [""];
  for (const word of text.replaceAll("<", "&lt;").split(" ")) {
    if (lines.at(-1).length + word.length > LINE) lines.push("");
    lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines.join("<br>");
}
