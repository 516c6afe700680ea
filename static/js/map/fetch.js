// Asking the server: addresses with their parameters, and answers that are good ones. No DOM.

/** Return the address with the parameters of a query string, and these more. */
export function withQuery(address, query, more = {}) {
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(more)) parameters.set(name, value);
  const text = parameters.toString().replaceAll("%2C", ",");
  return text ? `${address}?${text}` : address;
}

/** Return the response of this address, if it is a good one; throws otherwise. */
export async function get(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

export const getJson = async (address, options) => (await get(address, options)).json();
