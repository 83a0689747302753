// Where is the keyboard after a part of the page was replaced? On the same link if it is there again, else on the part
// that came, and never back at the top. (htmx itself finds what has an id.)
let was = null;

document.addEventListener("htmx:before:swap", ({ detail }) => {
  const active = document.activeElement;
  const { target } = detail.ctx;
  was = target instanceof Element && target.contains(active) ? { href: active.getAttribute("href") } : null;
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (!was || document.activeElement !== document.body) return;
  const { target } = detail.ctx;
  const place = target.isConnected ? target : target.id && document.getElementById(target.id);
  if (!place) return;
  const same = was.href && place.querySelector(`a[href="${CSS.escape(was.href)}"]`);
  if (!same && !place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
  (same || place).focus({ preventScroll: true });
});
