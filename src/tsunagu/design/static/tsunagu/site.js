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

  // On a narrow screen the facets start folded.
  const foldFacets = () => {
    if (!window.matchMedia("(max-width: 47.9rem)").matches) return;
    for (const group of document.querySelectorAll("details.facet-group:not([data-chosen])")) group.open = false;
  };
  foldFacets();
  document.addEventListener("htmx:after:swap", foldFacets);
})();
