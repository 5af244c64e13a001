// Decides whether an answer requires an API key or is the login page of another program.

const UNAUTHORIZED: ReadonlySet<number> = new Set([401, 403]);

interface HttpAnswer {
  readonly status: number;
  /** Undefined: the body is not JSON. */
  readonly json: unknown;
  /** The header `www-authenticate`. */
  readonly challenge: string | undefined;
}

/**
 * APIs answer with JSON, or with a Bearer challenge and any body. For a known runtime (the owner configured the address, or a runtime
 * answered there before) the status is enough, because proxies refuse with text.
 */
export function isApiKeyRequired({ status, json, challenge }: HttpAnswer, isRuntime: boolean): boolean {
  if (!UNAUTHORIZED.has(status)) return false;
  return isRuntime || (typeof json === 'object' && json !== null) || /^bearer\b/i.test(challenge ?? '');
}
