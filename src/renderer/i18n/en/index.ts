// The English catalogue. The Chinese catalogue has the same keys.
import { ask } from './ask';
import { availability } from './availability';
import { cluster } from './cluster';
import { codes } from './codes';
import { computer } from './computer';
import { gpus } from './gpus';
import { jobPage } from './job-page';
import { jobs } from './jobs';
import { logs } from './logs';
import { members } from './members';
import { network } from './network';
import { nodes } from './nodes';
import { ownModels } from './own-models';
import { parts } from './parts';
import { pool } from './pool';
import { pools } from './pools';
import { pages } from './pages';
import { poolOverview } from './pool-overview';
import { programs } from './programs';
import { rules } from './rules';
import { settings } from './settings';
import { setup } from './setup';
import { shell } from './shell';
import { sharing } from './sharing';
import { status } from './status';
import { table } from './table';
import { updates } from './updates';
import { usage } from './usage';
import { whyNode } from './why-node';

export const en = {
  ...shell,
  ...status,
  ...availability,
  ...sharing,
  ...codes,
  ...computer,
  ...pages,
  ...ownModels,
  ...gpus,
  ...nodes,
  ...pool,
  ...poolOverview,
  ...pools,
  ...parts,
  ...rules,
  ...settings,
  ...setup,
  ...jobs,
  ...jobPage,
  ...table,
  ...logs,
  ...members,
  ...network,
  ...updates,
  ...usage,
  ...cluster,
  ...whyNode,
  ...ask,
  ...programs,
};

/** The keys that every catalogue must have. */
export type Catalogue = typeof en;
