// Passkeys: the browser makes one, or shows that it has one; the form then carries its answer.

export function passkeys() {
  for (const form of document.querySelectorAll("[data-passkey]")) start(form);
}

function start(form) {
  if (!works()) {
    say(form, form.dataset.unable || "");
    return;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, "");
    try {
      form.elements.passkey.value = JSON.stringify(await ask(form));
    } catch {
      say(form, form.dataset.failed);
      return;
    }
    form.submit();
  });
}

// Browsers refuse passkeys where the address is not safe, or is a number.
function works() {
  return "PublicKeyCredential" in window && window.isSecureContext && !/^[\d.]+$|:/.test(window.location.hostname);
}

function say(form, words) {
  form.querySelector("[data-problem]").textContent = words;
}

async function ask(form) {
  const { publicKey } = JSON.parse(form.dataset.options);
  publicKey.challenge = bytes(publicKey.challenge);
  for (const known of [...(publicKey.excludeCredentials ?? []), ...(publicKey.allowCredentials ?? [])]) known.id = bytes(known.id);
  if (form.dataset.passkey === "create") {
    publicKey.user.id = bytes(publicKey.user.id);
    return answer(await navigator.credentials.create({ publicKey }));
  }
  return answer(await navigator.credentials.get({ publicKey }));
}

function answer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = letters(credential.response[part]);
  }
  const clientExtensionResults = credential.getClientExtensionResults();
  return { id: credential.id, rawId: letters(credential.rawId), type: credential.type, response, clientExtensionResults };
}

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

function letters(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
