// Comforts of the reviewer's desk: saving by itself and keys. The page works without; keys can be switched off.
(() => {
  "use strict";
  const form = document.querySelector("form[data-review-autosave]");
  if (!form) return;
  const chip = form.querySelector("[data-chip]");
  let timer = 0;
  let dirty = false;
  let leaving = false;
  const save = async () => {
    if (!dirty || leaving) return;
    dirty = false;
    const body = new FormData(form);
    body.delete("form_key");
    try {
      const answer = await fetch(form.dataset.reviewAutosave, { method: "POST", body });
      if (answer.status === 409) { chip.textContent = (await answer.json()).refused; return; }
      if (!answer.ok || answer.redirected) throw new Error("refused");
      chip.textContent = `${(await answer.json()).time} ${form.dataset.wordsSaved}`;
    } catch {
      dirty = true;
      chip.textContent = form.dataset.wordsFailed;
      timer = window.setTimeout(save, 5000);
    }
  };
  const changed = () => { dirty = true; window.clearTimeout(timer); timer = window.setTimeout(save, 2500); };
  if (chip) { form.addEventListener("input", changed); form.addEventListener("change", changed); }
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });

  const follow = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
  const current = () => document.activeElement.closest("[data-criterion]") || form.querySelector("[data-criterion]:has(input[type=radio]):not(:has(input:checked))") || form.querySelector("[data-criterion]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") { follow("[data-key-next]"); event.preventDefault(); return; }
    if (!form.hasAttribute("data-keys") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("textarea, input[type=text], select")) return;
    if (event.key === "j") follow("[data-key-after]");
    else if (event.key === "k") follow("[data-key-before]");
    else if (event.key === "c") { form.querySelector("[data-key-comment]").focus(); event.preventDefault(); }
    else if (event.key === "?") { const help = document.querySelector(".keys"); help.open = !help.open; help.querySelector("summary").focus(); }
    else if (/^[1-5]$/.test(event.key)) {
      const place = current();
      const radio = place && place.querySelector(`input[type=radio][value="${event.key}"]`);
      if (radio) {
        radio.checked = true;
        radio.dispatchEvent(new Event("change", { bubbles: true }));
        const all = [...form.querySelectorAll("[data-criterion]:has(input[type=radio])")];
        const following = all[all.indexOf(place) + 1];
        if (following) { following.focus(); following.scrollIntoView({ block: "nearest" }); }
        event.preventDefault();
      }
    }
  });
})();
