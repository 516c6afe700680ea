// The shortlist in the visitor's own browser; no cookie, nothing is sent. Pure but for localStorage.

const key = (kind) => `shortlist-${kind}`;

/** Return the slugs shortlisted of a kind ("clusters" or "complexes"); an empty list where storage is barred. */
export function read(kind) {
  try {
    const slugs = JSON.parse(localStorage.getItem(key(kind)) ?? "[]");
    return Array.isArray(slugs) ? slugs.filter((slug) => typeof slug === "string") : [];
  } catch {
    return [];
  }
}

/** Put a slug on the shortlist, or take it off, and return the new list. */
export function toggle(kind, slug, wanted) {
  const slugs = read(kind).filter((other) => other !== slug);
  if (wanted) slugs.push(slug);
  try {
    localStorage.setItem(key(kind), JSON.stringify(slugs));
  } catch {
    // Storage is full or barred: the ticks still work as a form on this page.
  }
  return slugs;
}
