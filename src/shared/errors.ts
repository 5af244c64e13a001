// A thrown value as text and as a code, for logs and for results with a reason.

/** The message of an Error, else the value as text. */
export const messageOfError = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The `code` of a Node.js error such as `ENOENT`; null when there is none. */
export const codeOfError = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** The code of a Node.js error, else its message: for a reason in a log or an error text. */
export const reasonOfError = (error: unknown): string => codeOfError(error) ?? messageOfError(error);
