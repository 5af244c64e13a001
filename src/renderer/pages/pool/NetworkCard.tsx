// The network doctor: whether pools can be found and reached from this computer. First what is wrong, with the command that mends it, then
// every finding.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { FirewallFinding, NetworkProblem, NetworkReport } from '../../../shared/api/network-report';
import { useClock } from '../../clock/Clock';
import { Card } from '../../components/Card';
import { CopyField } from '../../components/CopyField';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Rich } from '../../components/Rich';
import { StatusLabel } from '../../components/StatusLabel';
import { StatusShape } from '../../components/StatusShape';
import { Ago } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import type { Shape } from '../../labels/shape';
import { useOperation } from '../../queries/use-operation';
import { networkFindings } from './network-findings';
import classes from './NetworkCard.module.css';

interface Checked {
  readonly report: NetworkReport;
  readonly atWallMs: number;
}

export function NetworkCard() {
  const { t, format } = useLabels();
  const doctor = useOperation('doctor.network');
  const clock = useClock();
  const [checked, setChecked] = useState<Checked | null>(null);
  const check = async (): Promise<void> => {
    const outcome = await doctor.run({});
    if (outcome.ok) setChecked({ report: outcome.value, atWallMs: clock.now() });
  };
  const aside =
    checked === null ? undefined : (
      <Rich k="network.took" values={{ age: <Ago wallMs={checked.atWallMs} />, took: format.took(checked.report.took_ms) }} />
    );
  return (
    <Card title={t('network.title')} aside={aside}>
      <div className={classes['lines']}>
        <div className={classes['check']}>
          <Dim as="p">{t('network.text')}</Dim>
          <Button variant="default" loading={doctor.pending} onClick={() => void check()}>
            {t('network.check')}
          </Button>
        </div>
        <div role="status" className={classes['lines']}>
          {doctor.pending ? t('network.checking') : checked !== null && <Report report={checked.report} />}
        </div>
        <ErrorNote error={doctor.error} />
      </div>
    </Card>
  );
}

function Report({ report }: { readonly report: NetworkReport }) {
  const labels = useLabels();
  const { t } = labels;
  return (
    <>
      {report.problems.length === 0 ? (
        <StatusLabel shape="available" label={t('network.no_problem')} />
      ) : (
        <ul className={classes['problems']} aria-label={t('network.problems_label')}>
          {report.problems.map((problem) => (
            <Problem key={problem} problem={problem} firewalls={report.firewalls} />
          ))}
        </ul>
      )}
      <ul className={classes['checks']} aria-label={t('network.checks_label')}>
        {networkFindings(report, labels).map(({ name, shape, result, detail }, index) => (
          // Two pools may have one name. The findings of a report never change.
          <li key={index}>
            <StatusShape shape={shape} size={14} />
            <span>{name}</span>
            <span className={classes['result']}>
              {result}
              {detail !== '' && <code>{detail}</code>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A problem that may be none: pools are found in spite of a VPN, or of a firewall with unknown rules. */
const DOUBTFUL: readonly NetworkProblem[] = ['vpn', 'firewall_unknown', 'scheduler_on_loopback', 'local_network_right', 'multicast_silent'];

function Problem({ problem, firewalls }: { readonly problem: NetworkProblem; readonly firewalls: readonly FirewallFinding[] }) {
  const { t } = useLabels();
  const shape: Shape = DOUBTFUL.includes(problem) ? 'degraded' : 'refused';
  const commands = fixesOf(problem, firewalls);
  return (
    <li>
      <StatusShape shape={shape} size={16} />
      <div className={classes['problem']}>
        <p>{t(`network_problem.${problem}`)}</p>
        {commands.map((command, index) => (
          <CopyField key={command} label={t('network.run')} hideLabel={index > 0} value={command} />
        ))}
      </div>
    </li>
  );
}

function fixesOf(problem: NetworkProblem, firewalls: readonly FirewallFinding[]): readonly string[] {
  const state = problem === 'firewall' ? 'blocks' : problem === 'firewall_unknown' ? 'unknown' : null;
  return firewalls.filter((finding) => finding.state === state).flatMap(({ fixes }) => fixes);
}
