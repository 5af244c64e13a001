// The English catalogue: the one that others are measured by.
import { codes } from './codes';
import { jobs } from './jobs';
import { pool } from './pool';
import { pages } from './pages';
import { shell } from './shell';
import { status } from './status';
import { table } from './table';

export const en = { ...shell, ...status, ...codes, ...pages, ...pool, ...jobs, ...table };

/** The same keys, other words. */
export type Catalogue = typeof en;
