// The cases of the gallery: every page in every situation, and every drawer, dialog and answer. A URL names a case and a look.
import { pagesOf, partsOf } from '../src/renderer/shell/pages';
import { PAGES, type PageName } from '../src/renderer/routes';
import { LANGUAGES, type Preferences, THEMES } from '../src/renderer/store/preferences';
import { type Situation, SITUATIONS } from '../tests/fixtures/app-states/states';
import { isOpeningName, type OpeningName, OPENINGS } from './openings';

export interface GalleryCase {
  readonly situation: Situation;
  readonly page: PageName;
  /** The drawer, dialog or answer that is opened on the page. Null: none. */
  readonly opening: OpeningName | null;
}

/** Language and theme of a case. */
export type Look = Pick<Preferences, 'language' | 'theme'>;

export const SITUATION_NAMES = Object.keys(SITUATIONS) as Situation[];

/** The only page that a situation shows: the app goes to the Pool page when a link is opened. */
const ONLY_PAGE: Partial<Record<Situation, PageName>> = { opened_link: 'pool' };

export const PAGE_CASES: readonly GalleryCase[] = SITUATION_NAMES.flatMap((situation) =>
  pagesOf(partsOf(SITUATIONS[situation]()))
    .filter((page) => page === (ONLY_PAGE[situation] ?? page))
    .map((page) => ({ situation, page, opening: null })),
);

export const OPENING_CASES: readonly GalleryCase[] = (Object.keys(OPENINGS) as OpeningName[]).map((opening) => {
  const { situation, page } = OPENINGS[opening];
  return { situation, page, opening };
});

/**
 * The pages of each situation that differ from those of other situations, for screenshots. The Settings page is the same in most of them.
 * Every page can be opened from the index.
 */
const DISTINCT: Record<Situation, readonly PageName[]> = {
  first_run: ['setup', 'computer', 'jobs', 'pool', 'settings'],
  own_pool_starting: ['setup', 'computer', 'jobs'],
  connecting: ['computer', 'jobs', 'pool'],
  registering: ['computer', 'pool'],
  ready: [...PAGES],
  degraded: ['computer', 'jobs', 'pool'],
  draining: ['computer', 'jobs'],
  drained: ['computer'],
  reconnecting: ['computer', 'pool'],
  no_gpu: ['computer', 'gpus', 'pool'],
  no_role: ['computer', 'pool'],
  id_conflict: ['computer'],
  simulated: ['computer', 'gpus', 'nodes', 'pool'],
  odd_gpus: ['computer', 'gpus'],
  gpu_choice: ['computer', 'gpus'],
  notices: ['computer', 'models'],
  pulling: ['models'],
  measured: ['models'],
  model_servers: ['models'],
  models_in_memory: ['models'],
  own_models: ['models'],
  host_failed: ['computer', 'pool'],
  host_stopped: ['computer'],
  mass_loss: ['nodes', 'pool'],
  many_waiting: ['jobs'],
  full: ['computer', 'nodes'],
  busy: ['computer', 'nodes'],
  busy_owner_limit: ['computer'],
  busy_host_limit: ['computer'],
  busy_memory: ['computer'],
  own_pool: ['computer', 'pool'],
  paused_by_owner: ['computer', 'nodes'],
  paused_until: ['computer'],
  paused_by_full_screen: ['computer', 'nodes'],
  paused_by_schedule: ['computer', 'nodes'],
  paused_on_battery: ['computer', 'nodes'],
  paused_by_temperature: ['computer', 'nodes'],
  stopping_after_jobs: ['computer', 'nodes'],
  paused_by_host: ['computer', 'nodes'],
  quarantined: ['computer', 'nodes'],
  failing_model: ['computer', 'nodes'],
  older_scheduler: ['computer', 'nodes'],
  each_state: ['nodes'],
  asleep: ['nodes', 'pool'],
  mixed_pool: ['nodes', 'pool'],
  empty_pool: ['pool'],
  member_pool: ['pool'],
  first_run_no_gpu: ['setup'],
  first_run_ollama: ['setup'],
  contributor_available: ['computer'],
  contributor_busy: ['computer'],
  contributor_paused: ['computer'],
  thousand_nodes: ['pool', 'nodes', 'usage'],
  long_reasons: ['nodes'],
  join_request: ['computer'],
  nearby: ['pool'],
  member_of_pool: ['computer', 'nodes', 'jobs', 'pool', 'members', 'usage'],
  member_disconnected: ['nodes', 'pool'],
  two_pools_remembered: ['pool'],
  opened_link: ['pool'],
  in_cluster: ['cluster', 'connect'],
  scheduler_alone: ['computer', 'nodes', 'jobs', 'pool', 'settings'],
};

export const CASES: readonly GalleryCase[] = [...PAGE_CASES, ...OPENING_CASES];

export const SCREENSHOT_CASES = CASES.filter(({ situation, page, opening }) => opening !== null || DISTINCT[situation].includes(page));

export const pageCase = (situation: Situation, page: PageName): GalleryCase => ({ situation, page, opening: null });

/** Every page, and the states of this computer: checked in every look. */
export const SAMPLE: readonly GalleryCase[] = [
  ...PAGES.map((page) => pageCase('ready', page)),
  ...(['degraded', 'no_gpu', 'draining', 'full', 'busy', 'paused_by_owner'] as const).map((situation) => pageCase(situation, 'computer')),
];

export const nameOf = ({ situation, page, opening }: GalleryCase): string =>
  [page, situation, ...(opening === null ? [] : [opening])].join('-');

/** `?situation=busy&page=computer&language=zh-CN&theme=dark` */
export function searchOf({ situation, page, opening }: GalleryCase, { language, theme }: Look): string {
  return `?${new URLSearchParams({ situation, page, ...(opening === null ? {} : { open: opening }), language, theme }).toString()}`;
}

/** Null: the URL names no case, and the index is shown. */
export function parseSearch(search: string): { readonly shown: GalleryCase; readonly look: Look } | null {
  const query = new URLSearchParams(search);
  const situation = SITUATION_NAMES.find((name) => name === query.get('situation'));
  const page = PAGES.find((name) => name === query.get('page'));
  if (situation === undefined || page === undefined) return null;
  const open = query.get('open');
  return {
    shown: { situation, page, opening: open !== null && isOpeningName(open) ? open : null },
    look: parseLook(search),
  };
}

export function parseLook(search: string): Look {
  const query = new URLSearchParams(search);
  return {
    language: LANGUAGES.find((name) => name === query.get('language')) ?? 'system',
    theme: THEMES.find((name) => name === query.get('theme')) ?? 'system',
  };
}
