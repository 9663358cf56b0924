// Before the page is drawn: tell the style sheet that scripts run.
document.documentElement.classList.add("s2s-scripted");
document.addEventListener("DOMContentLoaded", () => {
  // On small screens the menu starts folded.
  const fold = document.querySelector("[data-menu]");
  if (fold && window.matchMedia("(max-width: 48em)").matches) fold.removeAttribute("open");
});
