// The English catalogue. The Chinese catalogue has the same keys.
import { availability } from './availability';
import { codes } from './codes';
import { jobs } from './jobs';
import { members } from './members';
import { network } from './network';
import { parts } from './parts';
import { pool } from './pool';
import { pools } from './pools';
import { pages } from './pages';
import { shell } from './shell';
import { status } from './status';
import { table } from './table';
import { whyNode } from './why-node';

export const en = {
  ...shell,
  ...status,
  ...availability,
  ...codes,
  ...pages,
  ...pool,
  ...pools,
  ...parts,
  ...jobs,
  ...table,
  ...members,
  ...network,
  ...whyNode,
};

/** The keys that every catalogue must have. */
export type Catalogue = typeof en;
