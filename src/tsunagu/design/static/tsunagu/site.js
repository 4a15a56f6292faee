// Comforts only: every page works without this file.
(() => {
  "use strict";
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  // A form that takes a while says so, and is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-progress")) return;
    const progress = form.querySelector(".progress");
    if (progress) progress.classList.add("is-on");
    for (const button of form.querySelectorAll("button[type=submit]")) {
      window.setTimeout(() => { button.disabled = true; }, 0);
    }
  });
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form[data-progress] button[type=submit]")) button.disabled = false;
    for (const progress of document.querySelectorAll(".progress.is-on")) progress.classList.remove("is-on");
  });

  // Five minutes before the session ends, ask; one key stays signed in and leaves the page as it is.
  const warning = document.querySelector("[data-session-end]");
  if (warning) {
    let timer;
    let before = null;
    const wait = (seconds) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        before = document.activeElement;
        warning.hidden = false;
        warning.querySelector("button").focus();
      }, Math.max(0, (seconds - 300) * 1000 - Date.now()));
    };
    wait(Number(document.body.dataset.sessionEnds));
    const leave = () => { warning.hidden = true; if (before) before.focus(); };
    warning.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
    warning.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const form = event.target;
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Stay": "1" },
      });
      if (!answer.ok) { form.submit(); return; }
      leave();
      const ends = Number(answer.headers.get("X-Session-Ends"));
      if (ends * 1000 - Date.now() > 300000) wait(ends);
    }, true);
  }

  // On a narrow screen the facets start folded.
  const foldFacets = () => {
    if (!window.matchMedia("(max-width: 47.9rem)").matches) return;
    for (const group of document.querySelectorAll("details.facet-group:not([data-chosen])")) group.open = false;
  };
  foldFacets();
  // A list that could not be narrowed is opened as a page, which says why.
  document.addEventListener("htmx:before:response", (event) => {
    const { response, sourceElement } = event.detail.ctx;
    if (response.status < 400 || !sourceElement.hasAttribute("data-hx-push-url")) return;
    event.preventDefault();
    window.location.assign(response.raw.url);
  });
  document.addEventListener("htmx:after:swap", foldFacets);
})();
