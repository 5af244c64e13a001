// Whether an answer asks for the key of an API, or is the login page of something else. Pure.

const UNAUTHORIZED: ReadonlySet<number> = new Set([401, 403]);

interface Refusal {
  readonly status: number;
  /** Undefined: the body is none. */
  readonly json: unknown;
  /** Of the header `www-authenticate`. */
  readonly challenge: string | undefined;
}

/**
 * APIs ask in JSON, or with a Bearer challenge and whatever body. Where a runtime is known to be, because its owner named the address
 * or because one answered there before, the status is enough: proxies refuse in text.
 */
export function isKeyQuestion({ status, json, challenge }: Refusal, isRuntime: boolean): boolean {
  if (!UNAUTHORIZED.has(status)) return false;
  return isRuntime || (typeof json === 'object' && json !== null) || /^bearer\b/i.test(challenge ?? '');
}
