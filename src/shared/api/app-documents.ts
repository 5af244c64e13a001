// The documents that come with a package of the desktop app, beside its program.
import { z } from 'zod';

/** `guide`: the guide for users. The others are licences: of Muster, of packages of npm, of Node.js, and of Chromium with Electron. */
export const APP_DOCUMENTS = ['guide', 'licence', 'dependencies', 'node', 'chromium'] as const;
export const appDocumentSchema = z.enum(APP_DOCUMENTS);
export type AppDocument = z.infer<typeof appDocumentSchema>;
