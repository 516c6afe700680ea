// Keeps what the page says of the map as the map on the screen: regions, overlays and "only what is in view" are chosen
// there without asking for a new list. Links, citation, code to embed and the map for paper follow.
import { show } from "../shortlist/shortlist.js";

const FOLLOWING = [".tabs", ".tools", ".chips", ".form-actions", "#cite", ".print-map"];

async function follow() {
  const asked = location.href;
  const response = await fetch(asked, { headers: { "HX-Request": "true" } });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok || location.href !== asked) return; // a later call knows better
  const here = document.getElementById("map-view");
  for (const selector of FOLLOWING) {
    const [old, made] = [here, answer].map((page) => page.querySelector(selector));
    if (!old || !made) continue;
    for (const { id } of old.querySelectorAll("details[open]")) made.querySelector(`#${id}`)?.setAttribute("open", "");
    old.replaceWith(document.adoptNode(made));
  }
  show();
}

document.addEventListener("map:redrawn", () => follow().catch(console.error));
