// Two minutes before the session ends: say so, and let a button extend it, so that nothing typed is lost.

const WARNING = 120; // seconds

export function session() {
  const box = document.querySelector("[data-session]");
  if (box) new Ending(box).watch(Number(box.dataset.session));
}

class Ending {
  constructor(box) {
    this.box = box;
    this.says = box.querySelector("[data-says]");
    this.button = box.querySelector("[data-stay]");
    this.button.addEventListener("click", () => this.extend());
    // Another tab that was used has extended the session of this one.
    this.tabs = new BroadcastChannel("s2s-session");
    this.tabs.addEventListener("message", (event) => this.watch(event.data));
    this.tabs.postMessage(Number(box.dataset.session));
  }

  watch(seconds) {
    window.clearTimeout(this.soon);
    window.clearTimeout(this.over);
    this.box.hidden = true;
    this.soon = window.setTimeout(() => this.warn(), Math.max(0, seconds - WARNING) * 1000);
    this.over = window.setTimeout(() => this.end(), (seconds + 1) * 1000);
  }

  warn() {
    this.box.hidden = false;
    this.button.hidden = this.cannot === true;
    // Said after the box has appeared, so that it is read out.
    window.setTimeout(() => { this.says.textContent = this.cannot ? this.says.dataset.last : this.says.dataset.soon; }, 50);
  }

  async extend() {
    const { extend, token } = this.box.dataset;
    const answer = await fetch(extend, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "error" }).catch(() => null);
    if (!answer?.ok) return this.end();
    const { seconds } = await answer.json();
    this.cannot = seconds <= WARNING;
    this.says.textContent = this.says.dataset.stays;
    this.watch(seconds);
    this.tabs.postMessage(seconds);
  }

  end() {
    const form = [...document.querySelectorAll("main form")].find((one) => one.elements.namedItem("whose") && isFilled(one));
    if (form) return leaveWith(form);
    const back = { next: window.location.pathname + window.location.search, ended: "session" };
    window.location.assign(this.box.dataset.ended + "?" + new URLSearchParams(back));
  }
}

// By hand, or by the site with what had been typed before.
function isFilled(form) {
  return "typed" in form.elements.namedItem("whose").dataset || [...form.elements].some((box) =>
    box.options ? box.selectedIndex !== Math.max(0, [...box.options].findIndex((one) => one.defaultSelected))
      : box.type === "checkbox" || box.type === "radio" ? box.checked !== box.defaultChecked
        : box.type !== "hidden" && box.type !== "password" && "defaultValue" in box && box.value !== box.defaultValue);
}

// The site keeps what is typed until its person has signed in again. As at a change of language, it does nothing else with it.
function leaveWith(form) {
  for (const box of form.querySelectorAll("[type=password]")) box.disabled = true;
  const language = Object.assign(document.createElement("input"), { type: "hidden", name: "show_in", value: document.documentElement.lang });
  form.append(language);
  form.submit();
}
