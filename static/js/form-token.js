// Which token goes with a form that htmx sends? The one of the cookie as it is now: two fragments that arrive at once
// on a first visit each bring a token and a cookie, and the later cookie would make the earlier form's token wrong.
document.addEventListener("htmx:config:request", ({ detail }) => {
  const { body } = detail.ctx.request;
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (cookie && body?.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", cookie);
});
