// 简体中文：外框和首屏页面的文案。何时加载见 ../texts.ts。
import type { FirstTexts } from '../en/en-first';
import { availability } from './availability';
import { codes } from './codes';
import { computer } from './computer';
import { gpus } from './gpus';
import { invitation } from './invitation';
import { jobs } from './jobs';
import { network } from './network';
import { nodes } from './nodes';
import { ownModels } from './own-models';
import { pages } from './pages';
import { parts } from './parts';
import { pool } from './pool';
import { poolOverview } from './pool-overview';
import { pools } from './pools';
import { rules } from './rules';
import { settings } from './settings';
import { setup } from './setup';
import { sharing } from './sharing';
import { shell } from './shell';
import { status } from './status';
import { table } from './table';

export const firstZhCn: FirstTexts = {
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
  ...invitation,
  ...parts,
  ...rules,
  ...settings,
  ...setup,
  ...jobs,
  ...table,
  ...network,
};
