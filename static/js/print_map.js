// Keeps the map for paper as the one on the screen: the regions are changed there without asking for a new list.

async function refresh() {
  const response = await fetch(location.href, { headers: { "HX-Request": "true" } });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  const [old, drawn] = [document, answer].map((page) => page.querySelector(".print-map"));
  if (response.ok && old && drawn) old.replaceWith(document.adoptNode(drawn));
}

// In the capturing phase, as the map lets nobody else hear of it; and once it has written the address.
window.addEventListener(
  "change",
  ({ target }) => {
    if (target.name === "regions") setTimeout(() => refresh().catch(console.error));
  },
  { capture: true },
);
