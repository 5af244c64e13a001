// The English catalogue. The Chinese catalogue has the same keys. A window loads its two parts apart: ../texts.ts.
import { firstEn } from './en-first';
import { laterEn } from './en-later';

export const en = { ...firstEn, ...laterEn };

/** The keys that every catalogue must have. */
export type Catalogue = typeof en;
