/** Closes a switch over a union: a missing case is a compile error, and an exception at run time. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
