// Before the page is drawn: tell the style sheet that scripts run.
document.documentElement.classList.add("s2s-scripted");
document.addEventListener("DOMContentLoaded", () => {
  document.body.classList.add("js-enabled");
  if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
  // On small screens the menu starts folded.
  const fold = document.querySelector("[data-menu]");
  if (fold && window.matchMedia("(max-width: 48em)").matches) fold.removeAttribute("open");
});
