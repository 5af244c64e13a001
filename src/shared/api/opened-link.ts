// A join link that another program opened with Muster, for example a browser. The app shows the link, and the user joins or discards it.
import { z } from 'zod';
import { MAX_ADDRESS_LENGTH } from './join-link';

export const openedLinkSchema = z.object({
  /** A new number for each opened link, also for the same link again. */
  id: z.number().int(),
  /** Only the known parts of the link, checked. */
  link: z.string().max(MAX_ADDRESS_LENGTH),
});

export type OpenedLinkView = z.infer<typeof openedLinkSchema>;
