// How does a chart become a picture to keep? A button beside it saves what is drawn, with its finding above and
// where it comes from below that: a picture travels without its page.
import { resolveColours } from "./chart-theme.js";

const [WIDTH, HEIGHT, LINE] = [1000, 560, 92]; // pixels; letters of the title in a line

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

// Returns the figure as it is drawn, on its own ground, with room for its title and its source.
export function pictureOf(chart) {
  const { data, layout } = chart.plot;
  const { ground, ink, quiet } = resolveColours({ ground: "var(--sheet)", ink: "var(--ink)", quiet: "var(--quiet)" }, chart);
  const style = getComputedStyle(chart);
  const title = inLines(chart.getAttribute("heading") ?? chart.getAttribute("label") ?? "");
  const source = { text: chart.getAttribute("source") ?? "", font: { size: 13, color: quiet } };
  const font = { family: style.getPropertyValue("--serif"), size: 20, color: ink };
  return {
    data,
    layout: {
      ...layout,
      ...{ paper_bgcolor: ground, plot_bgcolor: ground, autosize: false, width: WIDTH, height: HEIGHT },
      title: { text: title, x: 0.02, xanchor: "left", y: 0.96, yanchor: "top", font, subtitle: source },
      margin: { ...layout.margin, l: 64, r: 28, t: 76 + 26 * (title.split("<br>").length - 1), b: 48 },
    },
  };
}

function inLines(text) {
  const lines = [""];
  for (const word of text.replaceAll("<", "&lt;").split(" ")) {
    if (lines.at(-1).length + word.length > LINE) lines.push("");
    lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines.join("<br>");
}
