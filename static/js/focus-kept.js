// Where is the keyboard after a part of the page was replaced? On the part that came in its place, not at the top.
let inside = false;

document.addEventListener("htmx:before:swap", ({ detail }) => {
  const { target } = detail.ctx;
  inside = target instanceof Element && target.contains(document.activeElement);
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (!inside || document.activeElement !== document.body) return;
  const { target } = detail.ctx;
  const place = target.isConnected ? target : target.id && document.getElementById(target.id);
  if (!place) return;
  if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: true });
});
