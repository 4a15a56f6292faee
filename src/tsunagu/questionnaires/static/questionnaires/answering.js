// Comforts for filling in: saving by itself, counting characters, seeing who else is here. The page works without.
(() => {
  "use strict";
  const notCounted = /[\r\n\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
  const counted = (text) => [...text.normalize("NFC").replace(notCounted, "")].length;

  const showCount = (input) => {
    const place = document.querySelector(`[data-count-of="${input.id}"]`);
    if (!place) return;
    const length = counted(input.value);
    place.querySelector("[data-count-now]").textContent = String(length);
    place.classList.toggle("count--over", length > Number(input.dataset.count));
  };
  for (const input of document.querySelectorAll("[data-count]")) {
    showCount(input);
    input.addEventListener("input", () => showCount(input));
  }

  const form = document.querySelector("form[data-autosave]");
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const others = document.querySelector("[data-others]");
  const words = (name) => (form ? form.dataset[`words${name}`] : "");

  // Who else has the sheet open: asked every 15 seconds while the page is in view.
  const look = async () => {
    if (document.hidden || !others || !form) return;
    const body = new FormData();
    const field = document.activeElement && document.activeElement.closest("[data-field]");
    body.append("csrfmiddlewaretoken", token());
    body.append("section", form.dataset.section);
    body.append("field", field ? field.dataset.field : "");
    try {
      const answer = await fetch(others.dataset.present, { method: "POST", body });
      if (!answer.ok || answer.redirected) return;
      const found = (await answer.json()).others;
      const text = found.map((one) => (one.field ? `${one.name} ${words("There")} ${one.field}` : `${one.name} ${words("Also")}`)).join(" ");
      if (others.textContent !== text) others.textContent = text;
    } catch { /* the network is away: the next look tells */ }
  };
  if (form) { look(); window.setInterval(look, 15000); }
  if (!form) return;

  const chip = form.querySelector("[data-chip]");
  const dirty = new Map();
  let timer = 0;
  let deadline = 0;
  let saving = false;
  let leaving = false;

  const say = (text, failed) => {
    chip.textContent = text;
    chip.classList.toggle("chip--failed", Boolean(failed));
  };

  const plan = (wait) => {
    const now = Date.now();
    if (!deadline) deadline = now + 4500;
    window.clearTimeout(timer);
    timer = window.setTimeout(save, Math.max(0, Math.min(wait, deadline - now)));
  };

  const take = (box) => {
    const body = [];
    for (const input of box.querySelectorAll("input, textarea, select")) {
      if (!input.name || input.type === "file" || input.name.startsWith("x.")) continue;
      if ((input.type === "checkbox" || input.type === "radio") && !input.checked) continue;
      body.push([input.name, input.value]);
    }
    return body;
  };

  async function save() {
    if (saving || !dirty.size) return;
    saving = true;
    deadline = 0;
    const sent = new Map(dirty);
    dirty.clear();
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token());
    body.append("section", form.dataset.section);
    for (const box of sent.keys()) for (const [name, value] of take(box)) body.append(name, value);
    say(words("Saving"));
    let again = 0;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body });
      if (answer.redirected || answer.status === 404 || answer.status === 403) throw new Error("signed out");
      const found = await answer.json();
      if (found.closed) { say(found.closed, true); leaving = true; return; }
      if (!answer.ok) throw new Error("refused");
      for (const [key, version] of Object.entries(found.versions)) {
        const box = form.querySelector(`[data-field="${key}"]`);
        if (box) box.querySelector("[data-version]").value = String(version);
      }
      if (found.clashes.length) {
        say(found.clashes.map((one) => `${one.label}: ${one.by} ${words("Clash")}`).join(" "), true);
      } else {
        say(`${found.time} ${words("Saved")}`);
      }
      for (const box of sent.keys()) {
        if (form.dataset.controls && form.dataset.controls.split(" ").includes(box.dataset.field)) { leaving = true; window.location.reload(); }
      }
    } catch (error) {
      for (const [box, value] of sent) if (!dirty.has(box)) dirty.set(box, value);
      say(words(error.message === "signed out" ? "SignedOut" : "Failed"), true);
      again = 5000;
    } finally {
      saving = false;
      if (dirty.size) { deadline = 0; window.clearTimeout(timer); timer = window.setTimeout(save, again || 1500); }
    }
  }

  const changed = (event) => {
    const box = event.target.closest("[data-field]");
    if (!box || event.target.type === "file") return;
    dirty.set(box, true);
    plan(event.type === "change" ? 300 : 2000);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { leaving = true; window.clearTimeout(timer); });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (dirty.size || saving)) event.preventDefault();
  });
})();
