// The pages of the dashboard: one line for each page, with its group in the rail, its icon, its count, and when it exists. The groups and
// their pages never change with the role. A page that this program has no data for says so.
import type { AppState } from '../../shared/api/app-state';
import type { PoolSummary } from '../../shared/api/node-view';
import { may } from '../../shared/api/pool-access';
import { joinLinkOf } from '../../shared/api/opened-link';
import type { Format } from '../i18n/format';
import type { PageName } from '../routes';
import type { Preferences } from '../store/preferences';
import { ownStatusOf } from '../../shared/api/own-status';

/** `last`: above the foot of the rail, without a title. */
export type PageGroup = 'computer' | 'pool' | 'use' | 'last';

/** What decides which pages exist, and which one opens first. */
export interface Parts {
  readonly isHost: boolean;
  /** This program can join a pool: only then the first run opens by itself. */
  readonly canJoin: boolean;
  /** This program runs a node. */
  readonly hasNode: boolean;
  /** This computer is in no pool, or only in its own, which is not shared. It was in none either when the program started. */
  readonly isNew: boolean;
}

export interface PageEntry {
  readonly group: PageGroup;
  /** The path of an icon of 16 x 16, drawn with strokes. */
  readonly icon: string;
  /** Null: not known. */
  readonly count?: (app: AppState, format: Format) => string | null;
  /** Absent: always. */
  readonly exists?: (parts: Parts) => boolean;
  /** Whether the rail lists the page; the palette does in any case. Absent: always. */
  readonly isListed?: (app: AppState, preferences: Preferences) => boolean;
}

/** In the order of the rail. */
export const PAGE_TABLE: Readonly<Record<PageName, PageEntry>> = {
  computer: { group: 'computer', icon: 'M3 12.5a5.8 5.8 0 1 1 10 0M8 9.2 10.4 6' },
  gpus: {
    group: 'computer',
    icon: 'M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14',
    count: countOfGpus,
  },
  pool: { group: 'pool', icon: 'M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z' },
  nodes: { group: 'pool', icon: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01', count: countOfNodes },
  models: { group: 'pool', icon: 'M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.5 5 8 8.2 13.5 5M8 8.2v6' },
  jobs: { group: 'pool', icon: 'M6 4h7.5M6 8h7.5M6 12h7.5M2.6 4h.01M2.6 8h.01M2.6 12h.01', count: countOfJobs },
  members: {
    group: 'pool',
    icon: 'M6 7.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8ZM1.8 13.5c.2-2.5 1.9-3.9 4.2-3.9s4 1.4 4.2 3.9M10.8 2.7a2.3 2.3 0 0 1 0 4.3M12 9.9c1.3.5 2.1 1.8 2.2 3.6',
  },
  usage: { group: 'pool', icon: 'M2.5 13.5h11M4 11V8.5M8 11V3M12 11V6' },
  cluster: {
    group: 'pool',
    icon: 'M6 2h4v3.5H6zM1.5 10.5h4V14h-4zM10.5 10.5h4V14h-4zM8 5.5V8M3.5 10.5V8h9v2.5',
    isListed: ({ pool }) => pool?.in_cluster === true,
  },
  try: { group: 'use', icon: 'M2.5 3.5h11v7.5H8l-3 2.6V11H2.5z' },
  connect: { group: 'use', icon: 'M6 2v3M10 2v3M4 5h8v2.5A4 4 0 0 1 8 11.5a4 4 0 0 1-4-4zM8 11.5V14' },
  setup: {
    group: 'computer',
    icon: 'M8 2.5v11M2.5 8h11',
    exists: ({ hasNode }) => hasNode,
    isListed: ({ agent }, { isSettingUp }) => isSettingUp && agent !== null,
  },
  logs: { group: 'last', icon: 'M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3' },
  settings: {
    group: 'last',
    icon: 'M2.5 5h6M12 5h1.5M2.5 11h1.5M7.5 11h6M10.2 6.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2ZM5.8 12.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Z',
  },
};

/** The groups of the rail from top to bottom. */
export const PAGE_GROUPS: readonly PageGroup[] = ['computer', 'pool', 'use', 'last'];

const NAMES = Object.keys(PAGE_TABLE) as PageName[];

export const pagesIn = (group: PageGroup): readonly PageName[] => NAMES.filter((page) => PAGE_TABLE[page].group === group);

export const isListed = (page: PageName, app: AppState, preferences: Preferences): boolean =>
  PAGE_TABLE[page].isListed?.(app, preferences) ?? true;

/** Whether the page shows the pool, or uses it. */
export const isOfPool = (page: PageName): boolean => ['pool', 'use'].includes(PAGE_TABLE[page].group);

export const partsOf = ({
  app,
  agent,
  host,
  pool,
  opened_link: opened,
}: Pick<AppState, 'app' | 'agent' | 'host' | 'pool' | 'opened_link'>): Parts => ({
  isHost: pool?.access === 'host',
  canJoin: app.can_join && agent !== null,
  hasNode: agent !== null,
  isNew:
    app.mode === 'desktop' &&
    !app.in_pool_at_start &&
    joinLinkOf(opened) === null &&
    agent !== null &&
    host?.scope === 'this_computer' &&
    (host.state !== 'stopped' || agent.link.state === 'idle'),
});

export const pagesOf = (parts: Parts): readonly PageName[] => NAMES.filter((page) => PAGE_TABLE[page].exists?.(parts) ?? true);

/** The wanted page. Without one: the first run, else the overview of the pool on its host, else that of this computer. */
export function pageOf(wanted: PageName | null, parts: Parts, setupEnded: boolean): PageName {
  if (wanted === null && parts.isNew && parts.canJoin && !setupEnded) return 'setup';
  return pagesOf(parts).find((page) => page === wanted) ?? (parts.isHost ? 'pool' : 'computer');
}

function countOfGpus({ agent }: AppState): string | null {
  return agent?.hardware ? String(agent.hardware.gpus.filter((gpu) => gpu.accepted).length) : null;
}

function countOfNodes({ pool, nodes }: AppState, format: Format): string | null {
  return pool === null ? null : format.number(nodes.size);
}

/**
 * The open jobs of the pool; none for a member whose page lists only a part of them. Where the program operates no pool: the jobs of this
 * computer, once the scheduler has sent a status.
 */
function countOfJobs({ agent, pool }: AppState, format: Format): string | null {
  if (pool !== null) return may(pool, 'view') ? openJobs(pool, format) : null;
  const status = agent === null ? null : ownStatusOf(agent);
  return status === null ? null : format.number(status.in_flight_jobs);
}

/** Queued, assigned and running jobs. */
function openJobs({ open_jobs: open }: PoolSummary, format: Format): string | null {
  return open === undefined ? null : format.number(open.queued + open.assigned + open.running);
}
