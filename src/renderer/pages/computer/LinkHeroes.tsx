// The scheduler cannot be reached: the connection attempt, the cause of the last failure, and the last confirmed status with its age.
import { Button } from '@mantine/core';
import type { AgentView, LinkView } from '../../../shared/api/agent-view';
import { availabilityOf } from '../../../shared/api/availability';
import { NextTry } from '../../components/own/NextTry';
import { Ago, ClockTime } from '../../components/Time';
import { Rich } from '../../components/Rich';
import { SimulatedBadge } from '../../components/Badge';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { causeLabel } from '../../labels/link-labels';
import { HeroFrame } from './HeroFrame';
import { usePoolAddress } from './use-pool-address';

type Link<State extends LinkView['state']> = Extract<LinkView, { state: State }>;

export function ConnectingHero({ agent, link }: { readonly agent: AgentView; readonly link: Link<'connecting'> }) {
  const { t } = useLabels();
  const address = usePoolAddress(link.scheduler_url);
  return (
    <HeroFrame shape="waiting" title={t('hero.connecting.title')} mark={agent.simulated ? <SimulatedBadge gpu /> : null}>
      <p>
        <Rich k="hero.connecting.text" values={{ address }} />
      </p>
      {agent.node_status !== null && <LastConfirmed agent={agent} />}
    </HeroFrame>
  );
}

export function ReconnectingHero({ agent, link }: { readonly agent: AgentView; readonly link: Link<'reconnecting'> }) {
  const labels = useLabels();
  const { t } = labels;
  const recheck = useOperation('agent.recheck');
  const address = usePoolAddress(link.scheduler_url);
  return (
    <HeroFrame
      shape="waiting"
      title={t('hero.reconnecting.title')}
      mark={agent.simulated ? <SimulatedBadge gpu /> : null}
      actions={
        <Button variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
          {t('hero.try_now')}
        </Button>
      }
      error={recheck.error}
      reasons={
        <p>
          {t('hero.cause', { cause: causeLabel(labels, link.cause) })}
          {labels.gap}
          <NextTry link={link} />
        </p>
      }
    >
      <p>
        <Rich k="hero.reconnecting.text" values={{ address, since: <ClockTime wallMs={link.since} /> }} />
      </p>
      <LastConfirmed agent={agent} />
    </HeroFrame>
  );
}

export function LastConfirmed({ agent }: { readonly agent: AgentView }) {
  const { t } = useLabels();
  if (agent.node_status === null) return <p>{t('hero.never_confirmed')}</p>;
  const { message, received_at } = agent.node_status;
  return (
    <p>
      <Rich
        k="hero.last_confirmed"
        values={{ status: t(`availability.${availabilityOf(message).state}`), age: <Ago wallMs={received_at} /> }}
      />
    </p>
  );
}
