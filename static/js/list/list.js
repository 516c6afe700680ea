// What htmx does not: say the new count, keep what was open and what is typed, and keep empty fields out of the address.

document.addEventListener("htmx:configRequest", ({ detail: { formData } }) => {
  const empty = [...formData].filter(([, value]) => value === "");
  for (const [name] of empty) formData.delete(name);
});

let typed = null; // {id, asked}: the field one types in, and the words of it that were asked for

/** Put what is typed meanwhile into the answer, whose form takes the place of this one. */
function keepTyped(answer, asked) {
  const field = document.activeElement;
  const next = field.matches("input[type=text], input[type=search]") ? answer.getElementById(field.id) : null;
  typed = next && { id: field.id, asked: asked.get(field.name) ?? "" };
  next?.setAttribute("value", field.value);
}

// Only now does the new form listen.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== event.detail.target || !typed) return;
  const field = document.getElementById(typed.id);
  if (field && field.value !== typed.asked) field.dispatchEvent(new Event("input", { bubbles: true }));
  typed = null;
});

// Opened before the swap: htmx gives the focus back during it, and what is closed cannot take it.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const answer = new DOMParser().parseFromString(detail.serverResponse, "text/html");
  keepTyped(answer, detail.requestConfig.formData);
  for (const { id, open } of document.querySelectorAll("details[id]")) {
    answer.getElementById(id)?.toggleAttribute("open", open);
  }
  detail.serverResponse = answer.body.innerHTML;
});

for (const kind of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(kind, () => { document.getElementById("failed").hidden = false; });
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== event.detail.target) return; // htmx says it of each new element too
  document.getElementById("failed").hidden = true;
  const heading = document.getElementById("results-heading");
  document.getElementById("announcement").textContent = heading?.textContent ?? "";
  // The button that was pressed is gone, as it has no id to be found again by: what it asked for is here.
  if (document.activeElement === document.body) heading?.focus();
});

// An address in the browser's history is fetched whole: the same address may have been a fragment.
document.addEventListener("htmx:historyCacheMiss", (event) => event.preventDefault());
