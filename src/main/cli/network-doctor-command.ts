// `muster doctor --network`: the local network as this computer sees it. It changes nothing.
import { readJoinedPool } from '../joining/joined-pool-file';
import { examineOwnNetwork } from '../joining/network-doctor';
import type { Invocation } from './command';
import { messageContextOf } from './core/message-context';
import { EXIT } from './exit-code';
import { networkReportText } from './network-report-text';
import { schedulerHere } from './running-scheduler';
import { loadCommandSettings } from './settings';

/** Problems that keep pools from being found or computers from connecting. The others are hints. */
const FAULTS: readonly string[] = ['no_interface', 'multicast_blocked', 'multicast_port_in_use', 'firewall', 'pool_unreachable'];

export async function runNetworkDoctor(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const settings = await loadCommandSettings(invocation);
  if (!settings.ok) return settings.error;
  const report = await examineOwnNetwork(schedulerHere(settings.value), await readJoinedPool(settings.value.paths.stateDir));
  io.out(options.isSet('json') ? `${JSON.stringify(report, null, 2)}\n` : networkReportText(report, messageContextOf(io.env)));
  return report.problems.some((problem) => FAULTS.includes(problem)) ? EXIT.failure : EXIT.ok;
}
