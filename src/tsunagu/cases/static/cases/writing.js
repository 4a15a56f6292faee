// Comforts of writing a case: it saves itself, one attempt after the other, so that nobody meets their own change as
// somebody else's, and says so when it could not. The page works without.
(() => {
  "use strict";
  const form = document.querySelector("form[data-saves-itself]");
  if (!form) return;
  const PATIENCE = 5000;
  const AGAIN = 15000;
  const said = document.querySelector("#saved");
  let timer = 0;
  let saving = false;
  let changed = false;
  let sent = false;
  let leaving = false;
  let isWaiting = false;

  const save = () => {
    if (saving || !changed) return;
    changed = false;
    sent = true;
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
  // What the server said is kept or named in the answer; everything else did not arrive.
  const failed = () => {
    sent = false;
    said.textContent = form.dataset.notSaved;
    plan(AGAIN);
  };

  form.addEventListener("input", () => plan(2000));
  form.addEventListener("change", () => plan(1000));
  form.addEventListener("htmx:before:request", () => { saving = true; });
  form.addEventListener("htmx:before:response", (event) => {
    const answer = event.detail.ctx.response.raw;
    sent = answer.status !== 200 || answer.redirected;
    // A page for signing in, or one about an error, is no answer to be put into the form.
    if (sent) event.preventDefault();
  });
  form.addEventListener("htmx:finally:request", () => {
    saving = false;
    if (isWaiting) send();
    else if (sent) failed();
    else if (changed) plan(1000);
  });
  // What is under way counts the version up; the button waits for it, but not for a network that is away.
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    if (!saving) {
      leaving = true;
      return;
    }
    event.preventDefault();
    isWaiting = true;
    window.setTimeout(send, PATIENCE);
  });
  window.addEventListener("beforeunload", (event) => {
    if ((changed || saving) && !leaving) event.preventDefault();
  });
})();
