// Changing the language of a page keeps what has been typed into its forms: the browser holds it until the page is there again.

const KEY = "s2s-typed";
const KEPT = "input:not([type=hidden], [type=password], [type=file], [name=username][readonly]), select, textarea";

export function language() {
  const form = document.querySelector(".s2s-language");
  const button = form?.querySelector("button");
  if (button?.hasAttribute("form")) {
    for (const name of ["form", "formaction", "formenctype"]) button.removeAttribute(name);
    button.name = "language"; // nothing of the page's form has to be sent
  }
  form?.addEventListener("submit", keep);
  giveBack();
}

function boxes() {
  return [...document.querySelectorAll("main form")].flatMap((form) => [...form.querySelectorAll(KEPT)]);
}

function keep() {
  const typed = boxes().filter((box) => box.name || box.id).map((box) => [box.name || box.id, box.type === "checkbox" || box.type === "radio" ? box.checked : box.value]);
  if (typed.length) sessionStorage.setItem(KEY, JSON.stringify({ at: window.location.pathname, typed }));
}

// Once, and only on the page it was typed into; box by box, if the page still has the same ones.
function giveBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  sessionStorage.removeItem(KEY);
  if (kept?.at !== window.location.pathname) return;
  boxes().forEach((box, place) => {
    const [name, value] = kept.typed[place] ?? [];
    if (name !== (box.name || box.id)) return;
    if (typeof value === "boolean") box.checked = value;
    else box.value = value;
  });
}
