// A catalogue as a flat list of its texts.

/** `hero.ready.title` -> text. */
export function textsOf(catalogue: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' ? [[`${prefix}${name}`, value] as const] : [...textsOf(value ?? {}, `${prefix}${name}.`)],
    ),
  );
}
