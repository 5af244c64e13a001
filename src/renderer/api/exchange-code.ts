// The one-time code of a dashboard link, `#code=...`: exchanged for a session key, and removed from the address and the history.
import { z } from 'zod';

const CODE = /^#code=([\w-]{1,256})$/;

/** The code in a location hash; null: there is none. */
export const codeIn = (hash: string): string | null => CODE.exec(hash)?.[1] ?? null;

const sessionSchema = z.object({ key: z.string().min(1) });

/** The session key; null: the code is not valid any more, or the scheduler cannot be reached. */
export async function exchangeCode(url: URL, code: string, fetch: typeof globalThis.fetch): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    if (!response.ok) return null;
    const session = sessionSchema.safeParse(await response.json());
    return session.success ? session.data.key : null;
  } catch {
    return null;
  }
}
