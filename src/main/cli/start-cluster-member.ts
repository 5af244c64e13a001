// Starts one scheduler of a cluster: it listens, and takes part in the lease of the leader. The scheduler itself is opened for each term.
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import { hostAndPort } from '../../shared/host-and-port';
import { isLoopbackHost } from '../../shared/loopback';
import { fail, ok, type Result } from '../../shared/result';
import { systemClock } from '../platform/clock';
import type { ClusterConfig, ServerConfig } from '../platform/config/config';
import { lanHosts } from '../hosting/core/lan-urls';
import { CA_FILE } from '../trust/ca-file';
import { caFingerprintOf } from '../trust/verify-chain';
import { CA_KEY_FILE, openAuthority } from '../trust/authority-store';
import { version as VERSION } from '../../../package.json';
import { ClusterMember } from '../scheduler/cluster/cluster-member';
import { SharedFiles } from '../scheduler/cluster/shared-files';
import { describeTarget } from '../scheduler/database/postgres/core/database-url';
import { type Listener, openListener, urlOf } from '../scheduler/open-listener';
import { clusterDatabase } from './cluster-database';
import { ClusterTerms, type Surroundings } from './cluster-terms';
import type { StartFailure } from './daemon';
import { dashboardLinksOf, type StartedDashboard } from './dashboard-link';
import { EXIT } from './exit-code';
import { loadOwnerKey } from './owner-key';
import { publishAddress } from './running-scheduler';
import { MemberFront } from './member-front';
import { createPoolId, POOL_ID_FILE } from './member-replica';
import type { Settings } from './settings';
import { type StartedScheduler, startFailure } from './started-scheduler';

/** Waits for the database. The member leads at once when no other one does. */
export async function startClusterMember(
  settings: Settings,
  cluster: ClusterConfig,
  surroundings: Surroundings,
  stop: AbortSignal,
): Promise<Result<StartedScheduler, StartFailure>> {
  const [{ config, paths }, { logger }] = [settings, surroundings];
  const target = await clusterDatabase(cluster, surroundings.io.env);
  if (!target.ok) return target;
  const terms = new ClusterTerms(settings, surroundings, describeTarget(target.value));
  const front = new MemberFront(config.server, logger, () => member.leaderAddress);
  const member: ClusterMember = new ClusterMember({
    target: target.value,
    self: { name: cluster.memberName ?? hostname(), version: VERSION },
    files: new SharedFiles(paths.dataDir, sharedFilesOf(cluster, paths.adminTokenFile)),
    ...{ clock: systemClock, logger, hasBus: front.hasBus, busView: front.busView, busEpoch: front.busEpoch },
    openTerm: (context) => terms.open(context, member),
    serve: front.serve.bind(front),
  });
  const prepared = await member.prepare(async () => {
    await loadOwnerKey(paths, systemClock);
    if (cluster.bus !== null) await createPoolId(paths.dataDir);
    if (!isLoopbackHost(config.server.host) && config.server.tlsFiles === null)
      await openAuthority(paths.dataDir, systemClock.wallMs(), logger);
  }, stop);
  if (!prepared.ok && prepared.error.code === 'STOPPED')
    return fail({ exitCode: EXIT.ok, code: 'STOPPED', details: {}, message: 'stopped before the database could be reached' });
  if (!prepared.ok) return fail(startFailure({ code: 'DATABASE_TOO_NEW', details: { file: describeTarget(target.value) } }));
  const owner = await loadOwnerKey(paths, systemClock);
  if (!owner.ok) return owner;
  const opened = await front.open(settings, cluster);
  if (!opened.ok) return opened;
  const listener = await openListener({
    server: front.front,
    config: { ...config.server, allowedHosts: [...config.server.allowedHosts, ...hostOf(cluster)] },
    dataDir: paths.dataDir,
    clock: systemClock,
    logger,
    abuse: front.abuse,
  });
  if (!listener.ok) {
    await front.stop();
    return fail(startFailure(listener.error));
  }
  const { port, certificate, releaseLog } = listener.value;
  const address = addressOf(cluster, config.server, port);
  terms.begin({ owner: owner.value, listener: listener.value, replica: front.replica });
  logger.log('info', 'cluster_member_listening', { address, database: describeTarget(target.value), pin: certificate?.pin ?? null });
  releaseLog();
  for (const [level, event, fields] of owner.value.logLines) logger.log(level, event, fields);
  const unpublish = await publishAddress(paths.dataDir, { host: config.server.host, port });
  member.start(address);
  const url = urlOf(config.server.host, port, certificate?.publicName ?? null);
  return ok({
    url,
    pin: url.startsWith('https:') ? (certificate?.pin ?? null) : null,
    ownerKey: owner.value.current(),
    followOwnerKey: owner.value.follow,
    configure: terms.configure.bind(terms),
    dashboard: dashboardOf(config.server.host, url, listener.value),
    stopSoon: terms.stopSoon.bind(terms),
    async stop() {
      unpublish();
      await front.endAnswers().then(() => member.stop());
      await listener.value.close();
      await front.stop();
    },
  });
}

/** Without a code: the leader makes it, which may be another member. */
function dashboardOf(
  listeningHost: string,
  baseUrl: string,
  { port, certificate }: Pick<Listener, 'port' | 'certificate'>,
): StartedDashboard {
  const [host, ca, pin] = [certificate?.publicName ?? listeningHost, certificate?.ca ?? null, certificate?.pin ?? null];
  const place = {
    baseUrl,
    address: { host, port, secure: certificate !== null, pin },
    caFingerprint: ca === null ? null : caFingerprintOf(ca),
    lanHosts: lanHosts(networkInterfaces()),
  };
  return { links: dashboardLinksOf(place, null), endsAtWallMs: null };
}

/** Their names. */
const sharedFilesOf = ({ bus }: ClusterConfig, ownerKeyFile: string): readonly string[] => [
  ...[CA_FILE, CA_KEY_FILE, path.basename(ownerKeyFile)],
  ...(bus === null ? [] : [POOL_ID_FILE]),
];

const PORT = /:(\d+)$/;

/** Host and port. */
function addressOf({ address }: ClusterConfig, { host }: ServerConfig, port: number): string {
  if (address !== null) return PORT.test(address) ? address : `${address}:${String(port)}`;
  return hostAndPort(isLoopbackHost(host) ? host : hostname(), port);
}

/** For the certificate. */
const hostOf = ({ address }: ClusterConfig): readonly string[] =>
  address === null ? [] : [address.replace(PORT, '').replaceAll(/[[\]]/g, '')];
