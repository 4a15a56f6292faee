// Comforts of writing a case: it saves itself, one attempt after the other, so that nobody meets their own change as
// somebody else's. The page works without.
(() => {
  "use strict";
  const form = document.querySelector("form[data-saves-itself]");
  if (!form) return;
  const PATIENCE = 5000;
  let timer = 0;
  let saving = false;
  let changed = false;
  let isWaiting = false;

  const save = () => {
    if (saving || !changed) return;
    changed = false;
    form.dispatchEvent(new Event("keep"));
  };
  const plan = (wait) => {
    changed = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  };
  const send = () => {
    if (!isWaiting) return;
    isWaiting = false;
    saving = false;
    form.requestSubmit();
  };

  form.addEventListener("input", () => plan(2000));
  form.addEventListener("change", () => plan(1000));
  form.addEventListener("htmx:before:request", () => { saving = true; });
  form.addEventListener("htmx:finally:request", () => {
    saving = false;
    if (isWaiting) send();
    else if (changed) plan(1000);
  });
  // What is under way counts the version up; the button waits for it, but not for a network that is away.
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    if (!saving) return;
    event.preventDefault();
    isWaiting = true;
    window.setTimeout(send, PATIENCE);
  });
})();
