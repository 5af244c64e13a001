// The shown settings as cards, one for each section.
import { Fragment, type ReactNode } from 'react';
import type { AgentView } from '../../../shared/api/agent-view';
import { causeOfLoss, isInOtherPool, isOnThisComputer } from '../../../shared/api/own-host';
import type { SettingView } from '../../../shared/api/settings';
import { type NoSharing, noSharingOf } from '../../../shared/api/sharing-choice';
import type { UpdateView } from '../../../shared/api/update';
import { useToday } from '../../clock/Clock';
import { usePoolName } from '../../components/own/use-pool-name';
import type { Localized } from '../../../shared/language';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { localized } from '../../labels/localized';
import { useSettingChanges } from '../../queries/settings';
import { useAnswer } from '../../queries/use-answer';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { knownItems, listsPoolModels } from './known-items';
import { defaultLimitOf, heldModeOf, liveValues, modeOf, poolLimitOf } from './live-values';
import { useIsHosted } from './RestartNow';
import { groupsOf, inOrder, SECTIONS, type SectionName } from './setting-sections';
import { wordsOf } from './settings-search';
import { SettingRow } from './SettingRow';
import classes from './SettingsPage.module.css';

/** Of the items of a list, as they are typed. */
const EXAMPLES: Readonly<Record<string, Localized>> = {
  'agent.sharing_hours': { en: 'mon-fri 18:00-08:00', zh: '周一至周五 18:00-08:00' },
  'agent.vram_limits_gb': { en: 'RTX 4090=16', zh: 'RTX 4090=16' },
};

/** Their settings have no effect while this computer shares nothing. */
const SECTIONS_OF_NODE: readonly SectionName[] = ['sharing', 'pauses', 'gpus'];
/** Their settings are those of a scheduler. */
const SECTIONS_OF_SCHEDULER: readonly SectionName[] = ['network', 'dispatch', 'jobs', 'nodes', 'keys', 'cluster'];

export interface SettingSectionsProps {
  readonly settings: readonly SettingView[];
  readonly shown: readonly SettingView[];
  /** Empty: no search. */
  readonly search: string;
}

export function SettingSections({ settings, shown, search }: SettingSectionsProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const agent = useApp((app) => app.agent);
  const own = useApp(ownNode);
  const obstacle = useApp(({ update }) => update?.obstacle ?? null);
  const hostname = useApp(({ app }) => app.hostname);
  const changes = useSettingChanges();
  const isStarting = useApp((app) => causeOfLoss(app)?.state === 'starting');
  const off = isStarting ? null : offOf(agent);
  // Without a node no limit and no rule applies, so none is shown beside a load.
  const live = liveValues(labels, off === 'no_gpu' ? null : agent, own, useToday());
  const mode = modeOf(settings);
  const words = wordsOf(search);
  const titleOf = (key: string): string | null => {
    const found = settings.find((setting) => setting.key === key);
    return found === undefined ? null : localized(labels, found.title);
  };
  const { value: pool } = useAnswer('pool.models', {}, { isEnabled: shown.some(({ key }) => listsPoolModels(key)) });
  const poolModels = pool?.models.map(({ model_id: id }) => id) ?? [];
  const isAlone = useApp(({ nodes }) => nodes.size <= 1);
  const limitOf = (key: string): number | null | undefined => {
    const ofPool = poolLimitOf(key, settings, isAlone);
    return ofPool === undefined ? defaultLimitOf(key, mode, agent) : ofPool;
  };
  const placeholderOf = ({ key, control, default: fallback }: SettingView): string => {
    if (key === 'agent.name') return hostname;
    const { [key]: example } = EXAMPLES;
    if (example !== undefined) return localized(labels, example);
    const limit = limitOf(key);
    if (limit !== undefined) return limit === null ? t('limits.no_limit') : format.number(limit);
    return control === 'number' && fallback === null ? t('settings.not_set') : '';
  };
  const inheritedOf = ({ key }: SettingView): string | null =>
    key === 'agent.share' ? heldModeOf(agent) : (limitOf(key)?.toString() ?? null);
  const rowOf = (setting: SettingView, isNoted: boolean) => (
    <SettingRow
      key={setting.key}
      setting={setting}
      changes={changes}
      words={words}
      live={live.get(setting.key) ?? null}
      blocked={blockedOf(labels, setting, settings, obstacle)}
      placeholder={placeholderOf(setting)}
      known={knownItems(setting.key, { agent, poolModels })}
      inherited={inheritedOf(setting)}
      mode={mode}
      titleOf={titleOf}
      isNoted={isNoted}
    />
  );
  return SECTIONS.map((name) => ({ name, found: shown.filter(({ section }) => section === name) }))
    .filter(({ found }) => found.length > 0)
    .map(({ name, found }) => <Section key={name} name={name} settings={found} search={search} off={off} rowOf={rowOf} />);
}

interface SectionProps {
  readonly name: SectionName;
  readonly settings: readonly SettingView[];
  readonly search: string;
  readonly off: Off | null;
  /** `isNoted`: the head says when changes apply. */
  readonly rowOf: (setting: SettingView, isNoted: boolean) => ReactNode;
}

function Section({ name, settings, search, off, rowOf }: SectionProps) {
  const { t } = useLabels();
  const isHosted = useIsHosted();
  const agent = useApp((app) => app.agent);
  // Where no scheduler runs, a change applies to none.
  const isUnused = SECTIONS_OF_SCHEDULER.includes(name) && !isHosted && hasNoScheduler(agent);
  const groups = isUnused ? [{ applies: null, settings: inOrder(settings) }] : groupsOf(settings);
  const applies = groups[0]?.applies ?? null;
  return (
    <section className={classes['section']} aria-labelledby={`settings-${name}`}>
      <div className={classes['cardHead']}>
        <h2 id={`settings-${name}`}>{t(`setting_section.${name}`)}</h2>
        {search === '' && name === 'desktop' && <span>{t('settings.at_most_one')}</span>}
        {search !== '' && <span>{t('settings.matches', { count: settings.length, search })}</span>}
        {applies !== null && <span className={classes['end']}>{t(`settings.${applies}`)}</span>}
      </div>
      {off !== null && SECTIONS_OF_NODE.includes(name) && <NoEffectYet off={off} />}
      {isUnused && <OfOwnPool />}
      {groups.map((group, index) => (
        <Fragment key={group.applies ?? 'none'}>
          {index > 0 && group.applies !== null && <p className={classes['groupHead']}>{t(`settings.${group.applies}`)}</p>}
          {group.settings.map((setting) => rowOf(setting, isUnused || group.applies !== null))}
        </Fragment>
      ))}
    </section>
  );
}

type Off = NoSharing | 'no_node';

function NoEffectYet({ off }: { readonly off: Off }) {
  const { t, gap } = useLabels();
  return (
    <p className={classes['sectionNote']}>
      {off === 'no_node' ? `${t('no_node.title')}${t('punctuation.stop').trim()}` : t(`sharing.off.${off}`)}
      {gap}
      {t('settings.hold_later')}
    </p>
  );
}

/** The settings are those of a pool that this computer hosts, and it hosts none. */
function OfOwnPool() {
  const { t, gap } = useLabels();
  const isMember = useApp(isInOtherPool);
  const pool = usePoolName();
  return (
    <p className={classes['sectionNote']}>
      {t('settings.of_own_pool')}
      {isMember && pool !== null && `${gap}${t('settings.managed_on_host', { pool })}`}
    </p>
  );
}

/** The program of an agent alone, unless its scheduler is another program on this computer, which may have this configuration. */
const hasNoScheduler = (agent: AgentView | null): boolean =>
  agent !== null && (agent.link.state === 'idle' || !isOnThisComputer(agent.link.scheduler_url));

/** Why this program shares nothing. Null: it shares, or would with a connection. */
const offOf = (agent: AgentView | null): Off | null => (agent === null ? 'no_node' : noSharingOf(agent));

/** Why a switch has no effect here. Null: it has one. */
function blockedOf(
  labels: Labels,
  { key }: SettingView,
  settings: readonly SettingView[],
  obstacle: UpdateView['obstacle'],
): string | null {
  if (key === 'desktop.check_for_updates') return obstacle === null ? null : labels.code('update_obstacle', obstacle);
  const checks = settings.find((setting) => setting.key === 'desktop.check_for_updates');
  if (key !== 'desktop.notify_update' || checks === undefined || (checks.value === true && obstacle === null)) return null;
  return labels.t('settings.needs', { title: localized(labels, checks.title) });
}
