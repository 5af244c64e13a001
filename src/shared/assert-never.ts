/** Closes a switch over a union: a case that was forgotten is a compile error, and a bug if it is ever reached. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
