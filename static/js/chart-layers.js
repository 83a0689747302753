// What is laid over a result, and how is it taken off? A checkbox for the model and one for theory, where a chart has
// lines of these roles; the same columns of the data table come and go with it.
const ROLES = { model: "Model", theory: "Theory" };

// Returns the figure of a chart without the lines that were taken off.
export function withLayers({ figure, off = new Set() }) {
  const visible = (i) => (off.has(figure.roles?.[i]) ? { visible: false } : {});
  return { ...figure, data: figure.data.map((trace, i) => ({ ...trace, ...visible(i) })) };
}

// Offers a checkbox for each role of which something is drawn, anew when that changes.
export function offerLayers(chart) {
  const { data, roles: each = [] } = chart.figure;
  const drawn = ({ x, y }) => x?.length && y?.some((value) => Number.isFinite(value));
  const roles = Object.keys(ROLES).filter((role) => data.some((trace, i) => each[i] === role && drawn(trace)));
  const before = chart.querySelector(".chart-layers");
  if (before?.dataset.roles === roles.join()) return;
  before?.remove();
  if (!roles.length) return;
  const box = chart.appendChild(document.createElement("div"));
  box.className = "chart-layers";
  box.dataset.roles = roles;
  chart.off ??= new Set();
  for (const role of roles) {
    const label = box.appendChild(document.createElement("label"));
    label.className = role;
    const tick = label.appendChild(document.createElement("input"));
    Object.assign(tick, { type: "checkbox", checked: !chart.off.has(role) });
    tick.addEventListener("change", () => lay(chart, role, tick.checked));
    label.append(` ${ROLES[role]}`);
  }
}

function lay(chart, role, on) {
  chart.off[on ? "delete" : "add"](role);
  chart.redraw();
  const table = chart.closest("[data-panel]")?.querySelector(`[data-of="${CSS.escape(chart.getAttribute("name"))}"]`);
  for (const cell of table?.querySelectorAll(`[data-role="${role}"]`) ?? []) cell.hidden = !on;
}
