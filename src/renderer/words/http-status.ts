// The HTTP status in a code that stands for any of them: the link's and the runtimes' `http_502`.

/** Null: the code is another one. */
export const httpStatusOf = (code: string): string | null => /^http_(\d{3})$/.exec(code)?.[1] ?? null;
