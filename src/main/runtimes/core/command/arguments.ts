// Placeholders of an argv: `{input}`, `{output}`, `{param.NAME}`, alone or inside an argument. They are replaced once: text inside a
// value is never a placeholder. No shell interprets the arguments.

const PLACEHOLDER = /\{(input|output|param\.[A-Za-z0-9_]+)\}/g;

export const placeholdersOf = (argument: string): readonly string[] => [...argument.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');

/** The argument with every placeholder replaced. A placeholder without a value stays: the manifest was validated for those. */
export const fillIn = (argument: string, values: ReadonlyMap<string, string>): string =>
  argument.replace(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole);
