/** Return the response of this address, if it is a good one; throws otherwise. */
export async function get(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}
