// Passkeys need the browser's help. Forms say by data-passkey what they are for: login, use, add.
(() => {
  "use strict";
  const ceremonies = {
    login: (form) => {
      form.querySelector("button[type=submit]").id = "passkey_login";
      return ["loginForm", { login: "passkey_login", credential: "passkey_credential" }];
    },
    use: (form) => {
      form.querySelector("button[type=submit]").id = "passkey_use";
      const credential = form.querySelector("input[name=credential]").id;
      return ["authenticateForm", { authenticate: "passkey_use", credential, data: form.dataset.options }];
    },
    add: (form) => {
      const button = form.querySelector("button[type=submit]");
      button.id = "passkey_add";
      button.type = "button";
      const ids = { add: "passkey_add", credential: form.querySelector("input[name=credential]").id, data: form.dataset.options };
      const alone = form.querySelector("input[name=passwordless]");
      if (alone) ids.passwordless = alone.id;
      return ["addForm", ids];
    },
  };
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const trouble of document.querySelectorAll("[data-passkey-trouble]")) trouble.hidden = false;
  });
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const [name, ids] = ceremonies[form.dataset.passkey](form);
    window.allauth.webauthn.forms[name]({ ids });
  }
})();
