// A handler of records whose head has a form.
import type { z } from 'zod';
import type { Channel } from './channel';

/** A record of another form is dropped: a newer version may send it. */
export function onRecord<Head>(
  channel: Channel,
  type: string,
  schema: z.ZodType<Head>,
  handler: (head: Head, body: Uint8Array) => void | Promise<void>,
): void {
  channel.on(type, (head, body) => {
    const decoded = schema.safeParse(head);
    return decoded.success ? handler(decoded.data, body) : undefined;
  });
}
