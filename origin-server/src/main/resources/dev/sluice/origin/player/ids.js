// Key ids, as bytes, as 32 hex digits, and as GUIDs.

/** The hex digits of bytes; none of nothing. */
export function hex(bytes) {
  return Array.from(bytes ?? [], (b) => b.toString(16).padStart(2, "0")).join("");
}

/** A GUID in lower case of 32 hex digits, or of a GUID. */
export function guid(digits) {
  const h = digits.toLowerCase().replaceAll("-", "");
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
}
