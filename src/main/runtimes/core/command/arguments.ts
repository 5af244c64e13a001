// Placeholders of an argv: `{input}`, `{output}`, `{param.NAME}`, alone or inside an argument. Put in once: what a value holds
// is never read as a placeholder, nor by a shell, since there is none. Pure.

const PLACEHOLDER = /\{(input|output|param\.[A-Za-z0-9_]+)\}/g;

export const placeholdersOf = (argument: string): readonly string[] => [...argument.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');

/** The argument with every placeholder replaced. A name without a value stays as it is: the manifest was checked for those. */
export const fillIn = (argument: string, values: ReadonlyMap<string, string>): string =>
  argument.replace(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole);
