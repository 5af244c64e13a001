// The parts of the dashboard that are loaded on demand: one file for each page, and the dialogs of the frame. A page names its component
// here and nowhere else.
import { type Late, late } from '../components/late';
import { PAUSE_MENU } from '../components/sharing/SharingSwitch';
import type { PageName } from '../routes';

export const PAGE_PARTS: Readonly<Record<PageName, Late<object>>> = {
  computer: late(async () => (await import('../pages/computer/ComputerPage')).ComputerPage),
  gpus: late(async () => (await import('../pages/gpus/GpusPage')).GpusPage),
  pool: late(async () => (await import('../pages/pool/PoolPage')).PoolPage),
  nodes: late(async () => (await import('../pages/nodes/NodesPage')).NodesPage),
  models: late(async () => (await import('../pages/models/ModelsPage')).ModelsPage),
  jobs: late(async () => (await import('../pages/jobs/JobsPage')).JobsPage),
  members: late(async () => (await import('../pages/members/MembersPage')).MembersPage),
  usage: late(async () => (await import('../pages/usage/UsagePage')).UsagePage),
  cluster: late(async () => (await import('../pages/cluster/ClusterPage')).ClusterPage),
  try: late(async () => (await import('../pages/try/TryPage')).TryPage),
  connect: late(async () => (await import('../pages/connect/ConnectPage')).ConnectPage),
  setup: late(async () => (await import('../pages/setup/SetupPage')).SetupPage),
  logs: late(async () => (await import('../pages/logs/LogsPage')).LogsPage),
  settings: late(async () => (await import('../pages/settings/SettingsPage')).SettingsPage),
};

/** The dialogs and keys that every page has. */
export const FRAME_PART = late(async () => (await import('./FrameDialogs')).FrameDialogs);
export const POOL_MENU = late(async () => (await import('../pages/pool/PoolMenu')).PoolMenu);
export const INVITATION_PART = late(async () => (await import('../pages/invitation/InvitationPage')).InvitationPage);
export const TOKEN_PART = late(async () => (await import('./TokenForm')).TokenForm);

/** In the order in which an idle window loads them. */
export const ALL_PARTS = [FRAME_PART, POOL_MENU, PAUSE_MENU, ...Object.values(PAGE_PARTS)];
