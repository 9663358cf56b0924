// A number that can be copied with one press, where the browser lets us (find_school.html).

export function copies() {
  if (!navigator.clipboard) return;
  for (const code of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "s2s-copy";
    const words = document.createElement("span");
    words.textContent = code.dataset.copy;
    const which = document.createElement("span");
    which.className = "govuk-visually-hidden";
    which.textContent = ` ${code.textContent}`;
    words.setAttribute("role", "status");
    button.append(words, which);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent.trim());
      words.textContent = code.dataset.copied;
      setTimeout(() => { words.textContent = code.dataset.copy; }, 3000);
    });
    code.after(" ", button);
  }
}
