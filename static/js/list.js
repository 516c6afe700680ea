// What htmx does not: say the new count, keep open what was open, and keep the title in step.

const opened = () => [...document.querySelectorAll("details[id][open]")].map((details) => details.id);
let openBefore = [];

document.addEventListener("htmx:beforeSwap", () => {
  openBefore = opened();
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of openBefore) document.getElementById(id)?.setAttribute("open", "");
  const heading = document.getElementById("results-heading");
  document.getElementById("announcement").textContent = heading?.textContent ?? "";
});

// An address in the browser's history is fetched whole: the same address may have been a fragment.
document.addEventListener("htmx:historyCacheMiss", (event) => event.preventDefault());
