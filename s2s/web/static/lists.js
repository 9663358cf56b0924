// Lists with boxes: how many are ticked, all of the page at once, and Shift with a click for all between (5.2).

export function lists() {
  for (const form of document.querySelectorAll("form[data-ticks]")) {
    const boxes = [...form.querySelectorAll(".s2s-table__tick input[type=checkbox]")];
    const words = form.querySelector(".s2s-ticked");
    if (!words) continue;
    let last = null;
    const count = () => {
      const number = boxes.filter((box) => box.checked).length + Number(form.dataset.elsewhere);
      words.textContent = number ? form.dataset.ticks.replace("{number}", number) : "";
    };
    form.querySelector("[data-tick=all]")?.addEventListener("click", (event) => {
      event.preventDefault();
      for (const box of boxes) box.checked = true;
      count();
    });
    boxes.forEach((box, place) =>
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last !== null) {
          for (let at = Math.min(last, place); at <= Math.max(last, place); at += 1) boxes[at].checked = box.checked;
        }
        last = place;
        count();
      }),
    );
    count(); // going back, a browser ticks again what was ticked
  }
}
