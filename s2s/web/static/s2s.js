// What makes the pages more comfortable; everything works without it.
import { initAll } from "./govuk-frontend.min.js";
import { uploads } from "./upload.js";
import { lists } from "./lists.js";

initAll();
uploads();
lists();
