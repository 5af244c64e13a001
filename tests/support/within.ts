// A time limit for a promise. The error names the wait.

/** The default limit of a wait for a process, a socket or a server. */
export const WAIT_LIMIT_MS = 20_000;

export class WaitExpired extends Error {
  constructor(what: string, limitMs: number) {
    super(`waited ${String(limitMs)} ms for: ${what}`);
  }
}

/** Rejects with `WaitExpired` when the promise is still pending after `limitMs`. */
export async function within<Value>(what: string, promise: Promise<Value>, limitMs = WAIT_LIMIT_MS): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new WaitExpired(what, limitMs));
    }, limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
