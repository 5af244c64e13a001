// Why the scheduler of this computer does not run, and when it starts again; its code and its last log lines are in the closed details.
import type { HostView } from '../../shared/api/app-state';
import { useNow } from '../clock/Clock';
import { type Labels, useLabels } from '../i18n/use-labels';
import { cannotStart, portCause, portErrorOf } from '../labels/host-failure';
import { CodeDetails } from './CodeDetails';
import { CopyButton } from './CopyButton';
import { TextBlock } from './TextBlock';
import classes from './HostFailure.module.css';

export interface HostFailureProps {
  readonly host: HostView;
  /** The title above names the port and its program. */
  readonly isCauseKnown?: boolean;
}

export function HostFailure({ host, isCauseKnown = false }: HostFailureProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const now = useNow();
  const hasNoStart = cannotStart(host);
  const exitCode = host.exit_code === null ? null : t('pool.exit_code', { code: host.exit_code });
  const sentences = [
    ...(host.error_code === null || (isCauseKnown && portCause(labels, host) !== null) ? [] : [causeOf(labels, host, host.error_code)]),
    // The details have it beside the code.
    ...(host.error_code === null && exitCode !== null ? [exitCode] : []),
    ...(host.restarts === 0 ? [] : [t(hasNoStart ? 'pool.failed_starts' : 'pool.restarts', { count: host.restarts })]),
    ...(host.next_restart_at === null
      ? []
      : [t(hasNoStart ? 'pool.next_start' : 'pool.next_restart', { left: format.duration(host.next_restart_at - now + 999) })]),
  ];
  return (
    <>
      {sentences.length > 0 && <p>{sentences.join(labels.gap)}</p>}
      {host.error_code !== null && (
        <CodeDetails code={host.error_code}>
          {exitCode !== null && <p>{exitCode}</p>}
          {host.last_log_lines.length > 0 && (
            <>
              <p className={classes['head']}>
                <b>{t('pool.last_log_lines')}</b>
                <CopyButton value={reportOf(host)} subject={t('pool.last_log_lines')} size="compact-sm" variant="default" />
              </p>
              <TextBlock label={t('pool.last_log_lines')} text={host.last_log_lines.join('\n')} isCode />
            </>
          )}
        </CodeDetails>
      )}
    </>
  );
}

/** For a person who helps. */
const reportOf = ({ error_code: code, exit_code: exitCode, last_log_lines: lines }: HostView): string =>
  [[code, ...(exitCode === null ? [] : [`exit code ${String(exitCode)}`])].join(', '), ...lines].join('\n');

function causeOf({ t, code }: Labels, host: HostView, errorCode: string): string {
  const found = portErrorOf(host);
  if (found === null || found.port === null) return code('host_error', errorCode);
  const { port, program } = found;
  return found.code === 'PORT_IN_USE' && program !== null
    ? t('pool.on_port.named', { port, program })
    : t(`pool.on_port.${found.code}`, { port });
}
