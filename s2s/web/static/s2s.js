// What makes the pages more comfortable; everything works without it.
import { initAll } from "./govuk-frontend.min.js";
import { language } from "./language.js";
import { uploads } from "./upload.js";
import { lists } from "./lists.js";
import { copies } from "./copy.js";
import { autocompletes } from "./autocomplete.js";
import { passkeys } from "./passkeys.js";
import { session } from "./session.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported"); // without them GOV.UK's components do nothing
language(); // before anything is made of the boxes
initAll();
uploads();
lists();
copies();
autocompletes();
passkeys();
session();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
