// The English catalogue. The Chinese catalogue has the same keys.
import { codes } from './codes';
import { jobs } from './jobs';
import { pool } from './pool';
import { rooms } from './rooms';
import { shell } from './shell';
import { status } from './status';

export const en = { ...shell, ...status, ...codes, ...rooms, ...pool, ...jobs };

/** The keys that every catalogue must have. */
export type Catalogue = typeof en;
