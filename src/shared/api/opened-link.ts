// A link that another program opened with Muster, for example a browser. The app shows a join link, and the user joins or discards it. It
// shows why it refused another link, and never the link.
import { z } from 'zod';
import { ADDRESS_FAULTS, MAX_ADDRESS_LENGTH } from './join-link';

/** A new number for each opened link, also for the same link again. */
const id = z.number().int();

export const LINK_FAULTS = [...ADDRESS_FAULTS, 'too_long'] as const;
export type LinkFault = (typeof LINK_FAULTS)[number];

/** `link`: only the known parts of the link, checked. */
const joinLinkSchema = z.strictObject({ id, link: z.string().max(MAX_ADDRESS_LENGTH) });
const refusedLinkSchema = z.strictObject({ id, refused: z.enum(LINK_FAULTS) });

export const openedLinkSchema = z.union([joinLinkSchema, refusedLinkSchema]);

export type OpenedJoinLink = z.infer<typeof joinLinkSchema>;
export type OpenedLinkView = z.infer<typeof openedLinkSchema>;

/** Null: there is no join link to show. */
export const joinLinkOf = (opened: OpenedLinkView | null): OpenedJoinLink | null => (opened !== null && 'link' in opened ? opened : null);

/** Null: no link was refused. */
export const refusedOf = (opened: OpenedLinkView | null): LinkFault | null =>
  opened !== null && 'refused' in opened ? opened.refused : null;
