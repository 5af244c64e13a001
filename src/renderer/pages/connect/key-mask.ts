// A key is masked on the screen until the user shows it: a picture of the window or a passer-by does not reveal it. Buttons copy all of it.

/** A key begins with its kind, which is no secret. */
const SHOWN_CHARACTERS = 3;
const DOTS = '•'.repeat(12);

/** `key` null: the text has none. */
export const maskKey = (text: string, key: string | null): string =>
  key === null ? text : text.replaceAll(key, `${key.slice(0, SHOWN_CHARACTERS)}${DOTS}`);
