// The scheduler of the own pool does not run: why, and how it starts again; or it starts. The state of the link only follows from it.
import { Button } from '@mantine/core';
import type { AgentView } from '../../../shared/api/agent-view';
import { SimulatedBadge } from '../../components/Badge';
import { HostFailure } from '../../components/HostFailure';
import { Rich } from '../../components/Rich';
import { ClockTime } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import type { AwaitedHost } from '../../../shared/api/own-host';
import { cannotStart, portErrorOf, stoppedTitle } from '../../labels/host-failure';
import { stoppedShape } from '../../labels/stopped-shapes';
import { useOperation } from '../../queries/use-operation';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { HeroFrame } from './HeroFrame';

export function StoppedPoolHero({ agent, host }: { readonly agent: AgentView; readonly host: AwaitedHost }) {
  const labels = useLabels();
  const { t } = labels;
  const canHost = useApp(({ app }) => app.can_host);
  const start = useOperation('host.start');
  const hasFailed = host.state === 'failed';
  // On the same port it fails again.
  const needsPort = portErrorOf(host) !== null;
  return (
    <HeroFrame
      shape={stoppedShape(host)}
      title={stoppedTitle(labels, host)}
      mark={agent.simulated ? <SimulatedBadge gpu /> : null}
      actions={
        <>
          {needsPort && canHost && (
            <Button component="a" href={hrefOf({ page: 'settings', search: 'server.port' })}>
              {t('pool.change_port')}
            </Button>
          )}
          {hasFailed && canHost && (
            <Button
              variant={needsPort ? 'default' : 'filled'}
              loading={start.pending}
              onClick={() => void start.run({ scope: host.scope })}
            >
              {t('pool.start_again')}
            </Button>
          )}
          <Button variant="default" component="a" href={hrefOf({ page: 'pool' })}>
            {t('elsewhere.to_pool')}
          </Button>
        </>
      }
      error={start.error}
      {...(host.error_code === null ? {} : { reasons: <HostFailure host={host} isCauseKnown /> })}
    >
      <p>
        <Rich
          k={`hero.stopped_pool.${host.state === 'starting' ? 'starting_text' : cannotStart(host) ? 'not_started' : 'text'}`}
          values={{ since: <ClockTime wallMs={host.since} /> }}
        />
      </p>
    </HeroFrame>
  );
}
