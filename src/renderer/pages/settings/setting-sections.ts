// The sections of the Settings page, and the order of their settings. Pure.
import { SETTING_APPLIES, type SettingApplies, type SettingView } from '../../../shared/api/settings';

export const SECTION_GROUPS = [
  { group: 'computer', sections: ['sharing', 'pauses', 'gpus', 'models', 'network'] },
  { group: 'pool', sections: ['membership', 'dispatch', 'jobs', 'nodes', 'keys', 'cluster'] },
  { group: 'app', sections: ['desktop', 'appearance', 'updates', 'diagnostics', 'about'] },
] as const;

export type SectionName = (typeof SECTION_GROUPS)[number]['sections'][number];

export const SECTIONS: readonly SectionName[] = SECTION_GROUPS.flatMap(({ sections }) => sections);

/** Sections that are not of the configuration alone. */
export const OWN_SECTIONS = ['appearance', 'about'] as const satisfies readonly SectionName[];

/** The sections with content. `settings` null: they are not known. */
export const sectionsOf = (settings: readonly SettingView[] | null): readonly SectionName[] =>
  SECTIONS.filter(
    (section) => OWN_SECTIONS.some((own) => own === section) || settings?.some((setting) => setting.section === section) === true,
  );

/** These come first in their section, in this order. The others follow in the order of the configuration. */
const FIRST: readonly string[] = [
  'agent.share',
  'agent.limits.gpu_percent',
  'agent.limits.cpu_percent',
  'agent.limits.mem_percent',
  'agent.model_folders',
];

export function inOrder(settings: readonly SettingView[]): readonly SettingView[] {
  const rank = ({ key }: SettingView): number => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
  return settings.toSorted((one, other) => rank(one) - rank(other));
}

export interface SettingGroup {
  /** When the changes of all of these settings apply. Null: none can be changed here. */
  readonly applies: SettingApplies | null;
  readonly settings: readonly SettingView[];
}

/** The settings of a section by when their changes apply, so that the head of each group says it once. */
export function groupsOf(settings: readonly SettingView[]): readonly SettingGroup[] {
  const own = inOrder(settings);
  const found = SETTING_APPLIES.filter((applies) => own.some((setting) => setting.applies === applies && !isReadOnly(setting)));
  if (found.length <= 1) return own.length === 0 ? [] : [{ applies: found[0] ?? null, settings: own }];
  return SETTING_APPLIES.map((applies) => ({
    applies: found.includes(applies) ? applies : null,
    settings: own.filter((setting) => setting.applies === applies),
  })).filter(({ settings: some }) => some.length > 0);
}

/** The value is of a flag, of a variable or of the app, which come before the file. */
export const isReadOnly = ({ origin }: SettingView): boolean => origin.from === 'flag' || origin.from === 'env' || origin.from === 'app';
