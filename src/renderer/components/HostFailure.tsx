// Why the scheduler of this computer does not run, and when it starts again; the code is in the closed details.
import type { HostView } from '../../shared/api/app-state';
import { useNow } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { CodeDetails } from './CodeDetails';

export function HostFailure({ host }: { readonly host: HostView }) {
  const labels = useLabels();
  const { t, format } = labels;
  const now = useNow();
  const sentences = [
    ...(host.error_code === null ? [] : [labels.code('host_error', host.error_code)]),
    ...(host.exit_code === null ? [] : [t('pool.exit_code', { code: host.exit_code })]),
    ...(host.restarts === 0 ? [] : [t('pool.restarts', { count: host.restarts })]),
    ...(host.next_restart_at === null ? [] : [t('pool.next_restart', { left: format.duration(host.next_restart_at - now + 999) })]),
  ];
  return (
    <>
      {sentences.length > 0 && <p>{sentences.join(labels.gap)}</p>}
      {host.error_code !== null && <CodeDetails code={host.error_code} />}
    </>
  );
}
