// Lists with boxes: how many are ticked, and Shift with a click for all between (5.2).

export function lists() {
  for (const form of document.querySelectorAll("form[data-ticks]")) {
    const boxes = [...form.querySelectorAll(".s2s-table__tick input[type=checkbox]")];
    const words = form.querySelector(".s2s-ticked");
    let last = null;
    const count = () => {
      const number = boxes.filter((box) => box.checked).length;
      words.textContent = number ? form.dataset.ticks.replace("{number}", number) : "";
    };
    boxes.forEach((box, place) =>
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last !== null) {
          for (let at = Math.min(last, place); at <= Math.max(last, place); at += 1) boxes[at].checked = box.checked;
        }
        last = place;
        count();
      }),
    );
  }
}
