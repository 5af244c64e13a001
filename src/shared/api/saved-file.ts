// A file that the program made for the user: written by the desktop app, or downloaded by the browser.
import { z } from 'zod';

const MAX_BASE64 = 32 * 1024 * 1024;

export const savedFileSchema = z.discriminatedUnion('state', [
  /** The desktop app wrote the file at the place that the user chose. */
  z.object({ state: z.literal('saved'), path: z.string().max(4096) }),
  z.object({ state: z.literal('cancelled') }),
  /** The browser saves the file. */
  z.object({ state: z.literal('download'), name: z.string().max(128), base64: z.string().max(MAX_BASE64) }),
]);
export type SavedFile = z.infer<typeof savedFileSchema>;
