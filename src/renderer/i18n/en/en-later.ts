// English: the texts of all other parts.
import { ask } from './ask';
import { cluster } from './cluster';
import { jobPage } from './job-page';
import { joinRequest } from './join-request';
import { logs } from './logs';
import { members } from './members';
import { palette } from './palette';
import { programs } from './programs';
import { updates } from './updates';
import { usage } from './usage';
import { whyNode } from './why-node';

export const laterEn = {
  ...jobPage,
  ...logs,
  ...members,
  ...joinRequest,
  ...updates,
  ...usage,
  ...cluster,
  ...whyNode,
  ...ask,
  ...programs,
  ...palette,
};

export type LaterTexts = typeof laterEn;
