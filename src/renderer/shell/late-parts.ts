// The parts of the dashboard that are loaded on demand: one file for each page, and the dialogs of the frame. A page names its component
// here and nowhere else.
import type { ComponentType } from 'react';
import { type Late, late } from '../components/late';
import { PAUSE_MENU } from '../components/sharing/SharingSwitch';
import { loadLaterTexts } from '../i18n/texts';
import type { PageName } from '../routes';

/** A part that is loaded together with the later texts. */
const withTexts = <Props extends object>(load: () => Promise<ComponentType<Props>>): Late<Props> =>
  late(async () => (await Promise.all([load(), loadLaterTexts()]))[0]);

export const PAGE_PARTS: Readonly<Record<PageName, Late<object>>> = {
  computer: late(async () => (await import('../pages/computer/ComputerPage')).ComputerPage),
  gpus: withTexts(async () => (await import('../pages/gpus/GpusPage')).GpusPage),
  pool: late(async () => (await import('../pages/pool/PoolPage')).PoolPage),
  nodes: withTexts(async () => (await import('../pages/nodes/NodesPage')).NodesPage),
  models: withTexts(async () => (await import('../pages/models/ModelsPage')).ModelsPage),
  jobs: withTexts(async () => (await import('../pages/jobs/JobsPage')).JobsPage),
  members: withTexts(async () => (await import('../pages/members/MembersPage')).MembersPage),
  usage: withTexts(async () => (await import('../pages/usage/UsagePage')).UsagePage),
  cluster: withTexts(async () => (await import('../pages/cluster/ClusterPage')).ClusterPage),
  try: withTexts(async () => (await import('../pages/try/TryPage')).TryPage),
  connect: withTexts(async () => (await import('../pages/connect/ConnectPage')).ConnectPage),
  setup: withTexts(async () => (await import('../pages/setup/SetupPage')).SetupPage),
  logs: withTexts(async () => (await import('../pages/logs/LogsPage')).LogsPage),
  settings: withTexts(async () => (await import('../pages/settings/SettingsPage')).SettingsPage),
};

/** The dialogs and keys that every page has. */
export const FRAME_PART = withTexts(async () => (await import('./FrameDialogs')).FrameDialogs);
export const POOL_MENU = withTexts(async () => (await import('../pages/pool/PoolMenu')).PoolMenu);
export const INVITATION_PART = withTexts(async () => (await import('../pages/invitation/InvitationPage')).InvitationPage);
export const TOKEN_PART = late(async () => (await import('./TokenForm')).TokenForm);
export const PROGRAM_KEY_PART = withTexts(async () => (await import('./ProgramKey')).ProgramKey);

/** In the order in which an idle window loads them. */
export const ALL_PARTS = [FRAME_PART, POOL_MENU, PAUSE_MENU, ...Object.values(PAGE_PARTS)];
