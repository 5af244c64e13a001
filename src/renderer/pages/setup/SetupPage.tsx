// The first run, on one page of three steps: what was found on this computer, share or join, try it. A desktop app opens it while this
// computer is in no pool but its own unshared one, until the user ends the setup. The command palette opens it again.
// The page starts nothing by itself: it says what runs, and each change is a button.
import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { AgentView } from '../../../shared/api/agent-view';
import { joinLinkOf } from '../../../shared/api/opened-link';
import { ownGpuOf } from '../../../shared/api/own-gpu';
import { isInOtherPool } from '../../../shared/api/own-host';
import { hostedPinOf, joinedPinOf } from '../../../shared/api/own-pool';
import { LookAroundCard } from '../../components/sharing/LookAroundCard';
import { lookAroundOf } from '../../components/sharing/use-look-around';
import { NoNodeHere } from '../../components/NoNodeHere';
import { Page } from '../../components/Page';
import { Segmented } from '../../components/Segmented';
import { StatusShape } from '../../components/StatusShape';
import { LANGUAGE_NAMES } from '../../i18n/format';
import { useLabels } from '../../i18n/use-labels';
import { useApp, useScreenState } from '../../store/Screen';
import { goTo } from '../../store/use-route';
import { useOwnFirst } from '../../store/own-first';
import { JoinForm } from '../pool/JoinCard';
import { NearbyPart } from '../pool/NearbyCard';
import { JoinWays } from '../pool/PoolWays';
import { type PoolSearch, usePoolSearch } from '../pool/use-search';
import { useChatState } from '../try/use-chat';
import { FoundCard } from './FoundCard';
import { JoinedCard } from './JoinedCard';
import { HostedPool, OwnPoolCard, PoolOnlyHere } from './OwnPoolCard';
import { TryCard } from './TryCard';
import { useChatModel } from './use-chat-model';
import classes from './SetupPage.module.css';

export function SetupPage() {
  const { t } = useLabels();
  const { app, agent, nearby, opened } = useApp(
    useShallow(({ app, agent, nearby, opened_link: link }) => ({ app, agent, nearby, opened: joinLinkOf(link) })),
  );
  const search = usePoolSearch(app.can_join ? nearby : null);
  const setPreferences = useScreenState((state) => state.setPreferences);
  // The page stays when a choice changes which page the app opens.
  useEffect(() => goTo({ page: 'setup' }, { replace: true }), []);
  const hasNode = agent !== null;
  useEffect(() => {
    if (hasNode) setPreferences({ isSettingUp: true });
  }, [hasNode, setPreferences]);
  const end = (): void => {
    setPreferences({ setupEnded: true, isSettingUp: false });
    goTo({ page: 'computer' });
  };
  const done = useDoneSteps();
  const chatModel = useChatModel();
  const hasPool = useApp(({ host }) => host?.state === 'running') || done.pool;
  // One primary action: that of step 3 as soon as a model of the pool answers, else that of step 2, then the end.
  const isTryNext = hasPool && !done.tried && chatModel.model !== null && opened === null && nearby?.attempt == null;
  const isEndNext = done.pool && !isTryNext && opened === null;
  const actions = (
    <>
      <LanguageChoice />
      <Button variant={isEndNext ? 'filled' : 'default'} onClick={end}>
        {t(done.pool || done.tried ? 'setup.end' : 'setup.skip')}
      </Button>
    </>
  );
  if (agent === null) {
    return (
      <Page title={t('nav.setup')} actions={actions}>
        <NoNodeHere />
      </Page>
    );
  }
  // A headless program has its pool by its command.
  const hasChoice = app.can_join || app.can_host;
  return (
    <Page title={t('setup.title', { name: agent.name })} subtitle={hasChoice && t('setup.subtitle')} actions={actions}>
      <Step number={1} title={t('setup.found')} isDone={done.found} lacks={ownGpuOf(agent.hardware) === 'none'}>
        <FoundCard agent={agent} nearby={done.pool ? null : nearby} />
      </Step>
      {hasChoice && (
        <Step number={2} title={t('setup.choose')} isDone={done.pool}>
          <PoolChoice agent={agent} search={search} isDone={done.pool} mayBePrimary={!isTryNext} onKeep={end} />
        </Step>
      )}
      {!hasChoice && <LookAroundCard />}
      <Step number={hasChoice ? 3 : 2} title={t('setup.try')} isDone={done.tried}>
        <TryCard chatModel={chatModel} isPrimary={isTryNext} after={hasChoice && !done.pool ? 2 : null} />
      </Step>
    </Page>
  );
}

interface PoolChoiceProps {
  readonly agent: AgentView;
  readonly search: PoolSearch;
  readonly isDone: boolean;
  /** No other step has the primary action. */
  readonly mayBePrimary: boolean;
  /** The user keeps the pool of this computer as it is. */
  readonly onKeep: () => void;
}

/**
 * A pool that exists is one line. Else two ways into one, side by side: the own pool, or joining one, which is first where one is nearby when
 * the page opens.
 */
function PoolChoice({ agent, search, isDone, mayBePrimary, onKeep }: PoolChoiceProps) {
  const { app, host, nearby, opened } = useApp(
    useShallow(({ app, host, nearby, opened_link: link }) => ({ app, host, nearby, opened: joinLinkOf(link) })),
  );
  const { isFirst: isOwnLeft, isPrimary: isOwnFirst } = useOwnFirst();
  const mayAnswer = useApp((app) => lookAroundOf(app) === 'answers');
  const isOwnPrimary = isOwnFirst && mayBePrimary;
  const isHosting = host !== null && host.state !== 'stopped';
  const joinedLink = agent.link.state === 'idle' || isHosting ? null : agent.link;
  const isShared = host?.state === 'running' && host.scope === 'lan';
  const isOnlyHere = isDone && host?.state === 'running' && host.scope === 'this_computer';
  const hasPool = isShared || isOnlyHere || joinedLink !== null;
  const isJoining = opened !== null || nearby?.attempt != null;
  const hasNearby = nearby !== null && nearby.pools.length > 0;
  const own = !hasPool && host !== null && app.can_host && (
    <OwnPoolCard key="own" host={host} isPrimary={isOwnPrimary && !mayAnswer} onKeep={onKeep} />
  );
  const join = app.can_join && (!hasPool || isJoining) && (
    <JoinWays
      key="join"
      nearby={
        nearby !== null && (
          <NearbyPart
            nearby={nearby}
            search={search}
            currentPool={isHosting ? 'hosted' : joinedLink === null ? 'none' : 'member'}
            isPrimary={hasNearby && opened === null && !isOwnFirst && mayBePrimary}
          />
        )
      }
      form={
        <JoinForm
          key={opened?.id ?? 'own'}
          opened={opened}
          ownPins={[hostedPinOf(host), joinedPinOf(agent)].filter((pin) => pin !== null)}
          text={null}
          mayBePrimary={opened !== null || (!hasNearby && mayBePrimary)}
        />
      }
    />
  );
  return (
    <>
      {isShared && <HostedPool host={host} />}
      {isOnlyHere && <PoolOnlyHere />}
      {joinedLink !== null && <JoinedCard agent={agent} link={joinedLink} />}
      {(own !== false || join !== false) && <div className={classes['choices']}>{isOwnLeft ? [own, join] : [join, own]}</div>}
      <LookAroundCard isPrimary={isOwnPrimary} />
    </>
  );
}

/** The name of each language is in that language. */
function LanguageChoice() {
  const { t, language } = useLabels();
  const setPreferences = useScreenState((state) => state.setPreferences);
  return (
    <Segmented
      label={t('settings.language')}
      value={language}
      onChange={(value) => setPreferences({ language: value })}
      choices={(['en', 'zh-CN'] as const).map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
    />
  );
}

/**
 * What a step is for is there: a GPU and a model, or a joined pool, which needs neither; a shared or a joined pool, or one for this computer
 * alone that has answered; an answer.
 */
function useDoneSteps(): Readonly<Record<'found' | 'pool' | 'tried', boolean>> {
  const tried = useChatState(({ turns }) => turns.some(({ answer }) => answer.state === 'done'));
  const steps = useApp(
    useShallow(({ agent, host, pool }) => {
      const isIn = agent?.link.state === 'connected' || pool?.access === 'member';
      return {
        found:
          (agent !== null && ownGpuOf(agent.hardware) === 'usable' && agent.models.length > 0) || (isInOtherPool({ agent, host }) && isIn),
        pool: host !== null && host.state !== 'stopped' ? host.state === 'running' && (host.scope === 'lan' || tried) : isIn,
      };
    }),
  );
  return { ...steps, tried };
}

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly isDone: boolean;
  /** Its content says what this computer lacks: the step ends without success. */
  readonly lacks?: boolean;
  readonly children: ReactNode;
}

function Step({ number, title, isDone, lacks = false, children }: StepProps) {
  const { t, format } = useLabels();
  return (
    <section className={classes['step']} aria-label={title}>
      <h2 className={classes['head']}>
        {isDone || lacks ? (
          <StatusShape shape={isDone ? 'ready' : 'offline'} size={24} />
        ) : (
          <span className={classes['number']} aria-hidden="true">
            {format.number(number)}
          </span>
        )}
        {title}
        {isDone && <span className="visually-hidden">{t('setup.done')}</span>}
      </h2>
      {children}
    </section>
  );
}
