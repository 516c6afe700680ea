// What opens at a mark is rendered by the server, and asked for once: a card shows name and number until it is there.
import { get } from "./fetch.js";
import { showTicks } from "../shortlist/shortlist.js";

const MOST = 200; // cards kept
const kept = new Map(); // the text of each, or the promise of it, by address

/** Return what the server says at this address, which is asked only once. */
function answer(address) {
  if (!kept.has(address)) {
    kept.set(address, get(address).then((response) => response.text()));
    kept.get(address).then(
      (text) => kept.set(address, text),
      () => kept.delete(address),
    );
    if (kept.size > MOST) kept.delete(kept.keys().next().value);
  }
  return kept.get(address);
}

function fill(card, text) {
  const { content } = Object.assign(document.createElement("template"), { innerHTML: text });
  const [heading, said] = [card.querySelector("h2"), content.querySelector("h2")];
  if (said) heading.replaceChildren(...said.childNodes);
  said?.remove();
  // The heading itself stays where it is, as it may have the focus.
  while (heading.nextSibling) heading.nextSibling.remove();
  heading.after(...content.childNodes);
  card.ariaBusy = null;
  showTicks(card); // which need not be part of the page yet
}

/**
 * Return {card, whole}: an element with this title, and a promise of it once the server's part is in it.
 * A card that was asked for before is whole at once.
 */
export function card(title, address, words) {
  const made = document.createElement("div");
  made.className = "card";
  const heading = Object.assign(document.createElement("h2"), { textContent: title, tabIndex: -1 });
  const text = answer(address);
  made.append(heading);
  if (typeof text === "string") {
    fill(made, text);
    return { card: made, whole: Promise.resolve(made) };
  }
  const note = Object.assign(document.createElement("p"), { className: "aside", textContent: words.loading });
  made.append(note);
  made.ariaBusy = "true";
  const whole = text.then(
    (said) => {
      fill(made, said);
      return made;
    },
    (error) => {
      note.textContent = words.failed;
      made.ariaBusy = null;
      throw error;
    },
  );
  return { card: made, whole };
}
