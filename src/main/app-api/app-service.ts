// AppApi in this process: decodes operations, calls the service of each operation, and publishes the state of the services.
// An operation of a service that this program does not have fails with NOT_AVAILABLE_HERE.
import {
  type AppApi,
  type AppListener,
  OPERATIONS,
  type OperationName,
  type OperationParams,
  type OperationResult,
  type Outcome,
} from '../../shared/api/app-api';
import type { AppInfo, AppSnapshot, ServedView } from '../../shared/api/app-state';
import { type AskListener, type AskParamsInput, askParamsSchema } from '../../shared/api/ask';
import type { NetworkReport } from '../../shared/api/network-report';
import { messageOfError } from '../../shared/errors';
import { validate } from '../../shared/protocol/decode';
import { assertNever } from '../../shared/assert-never';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { failure, notAvailableHere } from '../contracts/app-errors';
import { createConnectionTester, type ConnectionTester } from '../scheduler-client/connection-test';
import { type MembershipPort, operationHandlers } from './operation-handlers';
import type { OperationHandlers, ParsedParams } from './operation-types';
import type {
  AgentPort,
  AskPort,
  DiagnosticsPort,
  HostPort,
  LogsPort,
  NearbyPort,
  OpenedLinkPort,
  PoolPort,
  SettingsPort,
  TrustPort,
} from '../contracts/ports';
import type { DesktopPort } from '../contracts/desktop-port';
import type { UpdatePort } from '../contracts/update-port';
import type { SaveFile } from '../contracts/saved-file';
import { followNearby } from './nearby-pools';
import { type PoolSource, ShownPool, type ShownPoolEvent } from './shown-pool';
import { StatePublisher } from './state-publisher';

export interface AppServiceOptions {
  readonly info: AppInfo;
  /** How programs reach the scheduler of a headless program, for each snapshot. */
  readonly served?: () => ServedView | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly agent?: AgentPort | null;
  readonly host?: HostPort | null;
  /** The initial pool; `setPool` changes it. */
  readonly pool?: PoolPort | null;
  /** Of the initial pool. */
  readonly trust?: TrustPort | null;
  readonly nearby?: NearbyPort | null;
  readonly openedLink?: OpenedLinkPort | null;
  readonly update?: UpdatePort | null;
  readonly desktop?: DesktopPort | null;
  readonly examineNetwork?: (() => Promise<NetworkReport>) | null;
  readonly settings?: SettingsPort | null;
  readonly logs?: LogsPort | null;
  readonly diagnostics?: DiagnosticsPort | null;
  /** Absent: this program has no screen, and files are downloaded. */
  readonly saveFile?: SaveFile;
  /** The addresses at which other computers reach this one, best first: for invitations. Default: none. */
  readonly lanHosts?: () => readonly string[];
  readonly membership?: MembershipPort | null;
  readonly testConnection?: ConnectionTester;
  readonly coalesceMs?: number;
}

export class AppService implements AppApi {
  readonly #options: AppServiceOptions;
  readonly #publisher: StatePublisher;
  readonly #handlers: OperationHandlers;
  readonly #stops: (() => void)[] = [];
  #pool: PoolPort | null = null;
  #trust: TrustPort | null = null;
  #asker: AskPort | null = null;
  #shown: { readonly pool: ShownPool; readonly key: string } | null = null;

  constructor(options: AppServiceOptions) {
    this.#options = options;
    const { info, clock, agent = null, nearby = null, membership = null } = options;
    this.#publisher = new StatePublisher({
      app: info,
      clock,
      ...(options.served === undefined ? {} : { served: options.served }),
      ...(options.coalesceMs === undefined ? {} : { coalesceMs: options.coalesceMs }),
    });
    this.#handlers = operationHandlers({
      agent,
      membership,
      nearby: info.can_join ? nearby : null,
      openedLink: options.openedLink ?? null,
      update: options.update ?? null,
      testConnection: options.testConnection ?? createConnectionTester(),
      desktop: options.desktop ?? null,
      examineNetwork: options.examineNetwork ?? null,
      settings: options.settings ?? null,
      logs: options.logs ?? null,
      diagnostics: options.diagnostics ?? null,
      saveFile: options.saveFile ?? null,
      state: () => this.#publisher.current(),
      canHost: info.can_host,
      canJoin: info.can_join,
      pool: () => this.#pool,
      trust: () => this.#trust,
      lanHosts: options.lanHosts ?? (() => []),
    });
    this.#follow(options);
    this.setPool(options.pool ?? null, options.trust ?? null);
  }

  #follow({ agent = null, host = null, nearby = null, openedLink = null, update = null }: AppServiceOptions): void {
    if (agent !== null) {
      this.#publisher.publish({ type: 'agent', agent: agent.view() });
      this.#stops.push(
        agent.subscribe((view) => {
          this.#publisher.publish({ type: 'agent', agent: view });
        }),
      );
    }
    if (host !== null) {
      this.#publisher.publish({ type: 'host', host: host.view() });
      this.#stops.push(
        host.subscribe((view) => {
          this.#publisher.publish({ type: 'host', host: view });
        }),
      );
    }
    if (nearby !== null) {
      this.#stops.push(
        followNearby({ nearby, agent, host }, (view) => {
          this.#publisher.publish({ type: 'nearby', nearby: view });
        }),
      );
    }
    if (openedLink !== null) {
      this.#publisher.publish({ type: 'opened_link', opened_link: openedLink.view() });
      this.#stops.push(
        openedLink.subscribe((view) => {
          this.#publisher.publish({ type: 'opened_link', opened_link: view });
        }),
      );
    }
    if (update !== null) {
      this.#publisher.publish({ type: 'update', update: update.view() });
      this.#stops.push(
        update.subscribe((view) => {
          this.#publisher.publish({ type: 'update', update: view });
        }),
      );
    }
  }

  /** Sets the pool of this computer to show and operate; null for none. `trust`: null when this program may not manage the pool. */
  setPool(pool: PoolPort | null, trust: TrustPort | null = null): void {
    this.show(pool === null ? null : { pool, trust, access: 'host', key: 'host', caller: null });
  }

  /** Sets the pool to show, and to operate within the rights of this program. */
  show(source: PoolSource | null): void {
    const before = this.#shown;
    before?.pool.close();
    this.#shown = null;
    this.#pool = source?.pool ?? null;
    this.#trust = source?.trust ?? null;
    this.#asker = source?.asker ?? null;
    // Requests of the old pool cannot be decided any more.
    if (this.#publisher.current().join_requests.length > 0) this.#publisher.publish({ type: 'join_requests', join_requests: [] });
    // The nodes of the same pool stay until its next snapshot, so that the screen does not flicker.
    if (source === null || (before !== null && before.key !== source.key)) this.#publisher.publish({ type: 'pool', pool: null });
    if (source === null) return;
    const shown = new ShownPool(source, this.#options.clock, (event) => {
      this.#onPoolEvent(event);
    });
    this.#shown = { pool: shown, key: source.key };
  }

  state(): AppSnapshot {
    return this.#publisher.current();
  }

  async call<Name extends OperationName>(name: Name, params: OperationParams<Name>): Promise<Outcome<OperationResult<Name>>> {
    // The name may come from a socket: `constructor` and other inherited names are not operations.
    if (!Object.hasOwn(OPERATIONS, name)) return failure('NOT_FOUND', { operation: name.slice(0, 64) });
    const decoded = validate(params, OPERATIONS[name].params);
    if (!decoded.ok) return failure('INVALID_REQUEST', { field: decoded.error.field, reason: decoded.error.reason });
    try {
      return await this.#handlers[name](decoded.value as ParsedParams<Name>);
    } catch (error) {
      // A bug in a handler must not end the program.
      this.#options.logger.log('error', 'app_operation_failed', {
        operation: name,
        error: messageOfError(error),
      });
      return failure('INTERNAL_ERROR');
    }
  }

  subscribe(listener: AppListener): () => void {
    const stopWatching = this.#options.agent?.watch();
    const stop = this.#publisher.subscribe(listener);
    return () => {
      stop();
      stopWatching?.();
    };
  }

  /** As `subscribe`, for a part of this program that shows no models: watching them costs requests to model servers. */
  follow(listener: AppListener): () => void {
    return this.#publisher.subscribe(listener);
  }

  ask(params: AskParamsInput, listener: AskListener): () => void {
    const decoded = validate(params, askParamsSchema);
    if (decoded.ok && this.#asker !== null) return this.#asker.ask(decoded.value, listener);
    const { error } = decoded.ok ? notAvailableHere() : failure('INVALID_REQUEST', { ...decoded.error });
    void listener.onEvents([{ type: 'failed', error }]);
    return () => undefined;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#shown?.pool.close();
    this.#publisher.close();
  }

  #onPoolEvent(event: ShownPoolEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.#publisher.publish({ type: 'snapshot', state: { ...this.#publisher.current(), pool: event.pool, nodes: event.nodes } });
        return;
      case 'node_changed':
        this.#publisher.publish({ type: 'node', node: event.node });
        return;
      case 'node_removed':
        this.#publisher.publish({ type: 'node_removed', node_id: event.node_id });
        return;
      case 'pool':
      case 'join_requests':
        this.#publisher.publish(event);
        return;
      default:
        assertNever(event);
    }
  }
}
