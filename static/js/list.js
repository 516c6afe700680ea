// What htmx does not: say the new count, keep open what was open, and keep empty fields out of the address.

document.addEventListener("htmx:configRequest", ({ detail: { formData } }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

// Opened before the swap: htmx gives the focus back during it, and what is closed cannot take it.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const answer = new DOMParser().parseFromString(detail.serverResponse, "text/html");
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
