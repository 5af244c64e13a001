// The first run, on one page of three steps: what was found on this computer, share or join, try it. A desktop app opens it while this
// computer is in no pool but its own unshared one, until the user ends the setup. The command palette opens it again.
// The page starts nothing by itself: it says what runs, and each change is a button.
import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { hostedPinOf, joinedPinOf } from '../../../shared/api/own-pool';
import { Columns } from '../../components/Columns';
import { LookAroundCard } from '../../components/sharing/LookAround';
import { NoNodeHere } from '../../components/NoNodeHere';
import { Page } from '../../components/Page';
import { Segmented } from '../../components/Segmented';
import { LANGUAGE_NAMES } from '../../i18n/format';
import { useLabels } from '../../i18n/use-labels';
import { useApp, useScreenState } from '../../store/Screen';
import { goTo } from '../../store/use-route';
import { JoinCard } from '../pool/JoinCard';
import { NearbyCard } from '../pool/NearbyCard';
import { FoundCard } from './FoundCard';
import { OwnPoolCard } from './OwnPoolCard';
import { TryCard } from './TryCard';
import classes from './SetupPage.module.css';

export function SetupPage() {
  const { t } = useLabels();
  const { app, agent, host, nearby, opened } = useApp(
    useShallow(({ app, agent, host, nearby, opened_link: opened }) => ({ app, agent, host, nearby, opened })),
  );
  const setPreferences = useScreenState((state) => state.setPreferences);
  // The page stays when a choice changes which page the app opens.
  useEffect(() => goTo({ page: 'setup' }, { replace: true }), []);
  const end = (): void => {
    setPreferences({ setupEnded: true });
    goTo({ page: 'computer' });
  };
  const actions = (
    <>
      <LanguageChoice />
      <Button variant="default" onClick={end}>
        {t('setup.end')}
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
  const isHosting = host !== null && host.state !== 'stopped';
  const isMember = agent.link.state !== 'idle';
  // A headless program has its pool by its command.
  const hasChoice = app.can_join || app.can_host;
  return (
    <Page title={t('setup.title', { name: agent.name })} subtitle={hasChoice && t('setup.subtitle')} actions={actions}>
      <Step number={1} title={t('setup.found')}>
        <FoundCard agent={agent} nearby={nearby} />
      </Step>
      {hasChoice && (
        <Step number={2} title={t('setup.choose')}>
          <Columns
            wide={
              <>
                {nearby !== null && app.can_join && (
                  <NearbyCard nearby={nearby} currentPool={isHosting ? 'hosted' : isMember ? 'member' : 'none'} />
                )}
                {app.can_join && (
                  <JoinCard
                    key={opened?.id ?? 'own'}
                    isMember={isMember}
                    opened={opened}
                    ownPins={[hostedPinOf(host), joinedPinOf(agent)].filter((pin) => pin !== null)}
                  />
                )}
              </>
            }
            narrow={
              <>
                {host !== null && app.can_host && <OwnPoolCard host={host} onKeep={end} />}
                <LookAroundCard />
              </>
            }
          />
        </Step>
      )}
      {!hasChoice && <LookAroundCard />}
      <Step number={hasChoice ? 3 : 2} title={t('setup.try')}>
        <TryCard />
      </Step>
    </Page>
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

function Step({ number, title, children }: { readonly number: number; readonly title: string; readonly children: ReactNode }) {
  const { format } = useLabels();
  return (
    <section className={classes['step']} aria-label={title}>
      <h2 className={classes['head']}>
        <span aria-hidden="true">{format.number(number)}</span>
        {title}
      </h2>
      {children}
    </section>
  );
}
