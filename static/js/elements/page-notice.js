// <page-notice>: one line at the foot of the window when a request of this page got no useful answer.
const WORDS = {
  offline: "You are offline. What is on this page stays; runs go on without it.",
  silent: "The server did not answer. Nothing was lost; try again in a moment.",
  403: "That was refused. Reload the page and try again.",
  404: "That is no longer there. Reload the page.",
};

class PageNotice extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "alert");
    document.addEventListener("htmx:error", () => this.say(navigator.onLine ? "silent" : "offline"));
    document.addEventListener("htmx:response:error", this.onResponse);
    document.addEventListener("htmx:before:request", () => this.replaceChildren());
    window.addEventListener("offline", () => this.say("offline"));
    window.addEventListener("online", () => this.replaceChildren());
  }

  onResponse = ({ detail }) => {
    const { status } = detail.ctx.response;
    const bringsItsWords = status === 422 || status === 429;
    if (!bringsItsWords) this.say(WORDS[status] ? status : "silent");
  };

  say(key) {
    const close = document.createElement("button");
    Object.assign(close, { type: "button", className: "link", textContent: "Close" });
    close.addEventListener("click", () => this.replaceChildren());
    this.replaceChildren(WORDS[key], " ", close);
  }
}

customElements.define("page-notice", PageNotice);
