// Dropping files onto the page, seeing their names before they go, and a bar while they do.

const size = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

export function uploads() {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    const drop = form.querySelector("[data-drop]");
    const input = drop.querySelector("input[type=file]");
    input.addEventListener("change", () => list(drop, input));
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => over(event, drop, true));
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => over(event, drop, false));
    let before = []; // GOV.UK's box puts what is dropped on it in the place of what had been chosen
    drop.addEventListener("drop", () => (before = [...input.files]), true);
    drop.addEventListener("drop", (event) => take(event, input, before));
    form.addEventListener("submit", (event) => send(event, form, input));
  }
}

function over(event, drop, is) {
  event.preventDefault();
  drop.classList.toggle("s2s-drop--over", is);
}

function take(event, input, before) {
  const all = new DataTransfer();
  for (const file of [...before, ...event.dataTransfer.files]) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change"));
}

function list(drop, input) {
  const place = drop.querySelector(".s2s-drop__list");
  place.replaceChildren(
    ...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name} (${size(file.size)})`;
      return line;
    }),
  );
}

// The same form by XMLHttpRequest, because it alone tells how far an upload is. Anything odd: the browser sends it plainly.
function send(event, form, input) {
  if (!input.files.length) return;
  event.preventDefault();
  const bar = form.querySelector(".s2s-progress");
  const [progress, words] = [bar.querySelector("progress"), bar.querySelector("[role=status]")];
  const request = new XMLHttpRequest();
  bar.hidden = false;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const percent = Math.floor((100 * loaded) / total);
    progress.value = percent;
    if (percent % 10 === 0) words.textContent = form.dataset.progress.replace("{percent}", percent);
  });
  request.upload.addEventListener("load", () => {
    progress.removeAttribute("value");
    words.textContent = form.dataset.checking;
  });
  request.addEventListener("load", () => arrive(request, form));
  request.addEventListener("error", () => form.submit());
  request.open("POST", form.action);
  request.send(new FormData(form));
}

function arrive(request, form) {
  if (request.status < 400 && request.responseURL !== form.action) window.location.assign(request.responseURL);
  else form.submit();
}
