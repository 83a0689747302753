// How does a chart become a picture to keep? A button beside it saves what is drawn, on the colour of its sheet.
import { resolveColours } from "./chart-theme.js";

export function offerPng(chart, plotly) {
  if (chart.querySelector(".chart-tools")) return;
  const tools = chart.appendChild(document.createElement("div"));
  tools.className = "chart-tools";
  const button = tools.appendChild(document.createElement("button"));
  Object.assign(button, { type: "button", className: "link", textContent: "Save as PNG" });
  button.addEventListener("click", () => save(chart, plotly));
}

function save(chart, plotly) {
  const { data, layout } = chart.plot;
  const ground = resolveColours("var(--sheet)", chart);
  const figure = { data, layout: { ...layout, paper_bgcolor: ground, plot_bgcolor: ground } };
  const filename = chart.getAttribute("name") ?? `${chart.closest("[data-panel]")?.id ?? "lab"}-chart`;
  plotly.downloadImage(figure, { format: "png", filename, width: 1000, height: 520, scale: 2 });
}
