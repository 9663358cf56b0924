// Long drop-down lists: typing a part of what stands in them finds it. Without scripts they are plain lists.

const WORTH_IT = 12; // lines from which on a search helps

export async function autocompletes() {
  const lists = [...document.querySelectorAll("select[data-autocomplete]")].filter((list) => list.options.length > WORTH_IT);
  if (!lists.length) return;
  await import("./accessible-autocomplete.min.js");
  lists.forEach(enhance);
}

function enhance(list) {
  const { id, dataset } = list;
  const described = list.getAttribute("aria-describedby");
  const options = [...list.options].filter((option) => option.value);
  const words = options.map((option) => [plain(option.text), option.text]);
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: list,
    id,
    defaultValue: list.value ? list.selectedOptions[0].text : "",
    preserveNullOptions: true,
    showAllValues: true,
    templates: { inputValue: (shown) => shown ?? "", suggestion: escaped }, // it makes HTML of what it is given
    dropdownArrow: () => '<svg class="s2s-arrow" viewBox="0 0 12 8" aria-hidden="true" focusable="false"><path d="M1 1l5 5 5-5"/></svg>',
    source: (query, found) => {
      const parts = plain(query).split(/\s+/);
      found(words.filter(([text]) => parts.every((part) => text.includes(part))).map(([, shown]) => shown));
    },
    // Nothing typed or something unknown chooses nothing.
    onConfirm: (chosen) => {
      const typed = document.getElementById(id)?.value;
      const option = options.find(({ text }) => text === (chosen ?? typed));
      list.value = option ? option.value : "";
    },
    tNoResults: () => dataset.none,
    tStatusNoResults: () => dataset.none,
    tAssistiveHint: () => dataset.hint,
    tStatusQueryTooShort: () => "",
    tStatusSelectedOption: (option, length, index) => `${option}, ${index + 1} / ${length}`,
    tStatusResults: (length, option) => `${length}. ${option}`,
  });
  if (described) document.getElementById(id).setAttribute("aria-describedby", `${described} ${id}__assistiveHint`);
}

// A name is text, whatever is in it.
function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

// Small letters without accents: "Bro Morgannwg" is found by "morgannwg", "Môn" by "mon".
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
