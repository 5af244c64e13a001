// The nodes whose connections replicas hold: a session of this scheduler for each of them. When a channel ends, its nodes are not lost: they
// register again, over the next channel of their replica or over another one.
import type { LoopbackState } from '../../../shared/loopback';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CLOSE_CODES, type CloseCode } from '../../../shared/protocol/codes';
import { decodeCheckedNodeMessage } from '../../../shared/protocol/decode';
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { Clock } from '../../platform/clock';
import { TurnBudget } from '../../platform/turn-budget';
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
import { grantOf } from '../members/core/permissions';
import type { NodePrincipal, Principal } from '../members/core/principal';
import { ConnectionHolders } from '../node-socket/connection-holders';
import { LARGE_MESSAGE_BYTES } from '../node-socket/decode-in-turns';
import type { Admitted, NodeUpgrade } from '../node-socket/node-admission';
import type { JobResult } from '../node-socket/parse-result';
import type { NodeLink } from '../nodes/node-link';
import {
  type AdmitRecord,
  admitSchema,
  beatsSchema,
  closedSchema,
  type Figures,
  messageSchema,
  NODE_ADMIT,
  NODE_ADMITTED,
  NODE_BEATS,
  NODE_CLOSE,
  NODE_CLOSED,
  NODE_MESSAGE,
  NODE_OPEN,
  NODE_SENT,
  openSchema,
  type MessageHead,
  type SeenRecord,
  sentSchema,
  toPrincipal,
  toWirePrincipal,
  type WirePrincipal,
} from '../replica/core/node-records';
import { Assignments } from './assignments';
import type { ChannelService } from './channel-service';
import { ForwardedNode, type ForwardedNodeOptions } from './forwarded-node';

/** Two readings of the clock for each heartbeat would cost a twentieth of it. Eight heartbeats take far less than a turn may. */
const BEATS_TIMED_TOGETHER = 8;

export interface ForwardedNodesOptions extends Pick<ForwardedNodeOptions, 'openSession' | 'logger' | 'stats'> {
  readonly admit: (upgrade: NodeUpgrade, loopback: LoopbackState) => Admitted;
  /** The connection of a registered node. */
  readonly linkOf: (nodeId: string) => NodeLink | undefined;
  /** The credential with this id, with its present rights. Null: it is not valid any more. */
  readonly principalWith: (id: string) => Principal | null;
  /** Many nodes are about to register again. */
  readonly holdJudgement: () => void;
  readonly clock: Clock;
}

export class ForwardedNodes implements ChannelService {
  readonly #options: ForwardedNodesOptions;
  readonly #byChannel = new Map<Channel, Map<number, ForwardedNode>>();
  readonly #holders = new ConnectionHolders<ForwardedNode>();
  readonly #turn = new TurnBudget();

  constructor(options: ForwardedNodesOptions) {
    this.#options = options;
  }

  get counts(): { readonly open: number; readonly unregistered: number } {
    const nodes = [...this.#byChannel.values()].flatMap((each) => [...each.values()]);
    return { open: nodes.length, unregistered: nodes.filter(({ nodeId }) => nodeId === null).length };
  }

  isConnected(memberId: string): boolean {
    return this.#holders.has(memberId);
  }

  /** For a credential that may not be a node any more: the id of a member or key, or of the owner. */
  closeHolder(holder: string, code: CloseCode): void {
    for (const node of this.#holders.of(holder)) node.close(code);
  }

  attach(channel: Channel): void {
    const nodes = new Map<number, ForwardedNode>();
    const assignments = new Assignments();
    this.#byChannel.set(channel, nodes);
    onRecord(channel, NODE_ADMIT, admitSchema, (head) => {
      channel.send(NODE_ADMITTED, { q: head.q, ...this.#answerTo(head) });
    });
    onRecord(channel, NODE_OPEN, openSchema, ({ c, remote, loopback_end: loopbackEnd, as, holder }) => {
      const principal = this.#principalOf(as, holder);
      if (typeof principal === 'number') {
        channel.send(NODE_CLOSE, { c, code: principal });
        return;
      }
      const node = new ForwardedNode(
        channel,
        { id: c, remote, loopbackEnd },
        principal,
        {
          ...this.#options,
          onHolder: (changed) => {
            this.#holders.update(changed);
          },
          onEnded: (ended) => {
            this.#holders.delete(ended);
            nodes.delete(c);
          },
        },
        assignments,
      );
      nodes.set(c, node);
      this.#holders.update(node);
    });
    onRecord(channel, NODE_MESSAGE, messageSchema, ({ c, ...head }, body) => {
      const node = nodes.get(c);
      return node === undefined ? undefined : this.#message(node, body, head);
    });
    onRecord(channel, NODE_BEATS, beatsSchema, ({ same, figures }) => this.#beats(nodes, same, figures));
    onRecord(channel, NODE_SENT, sentSchema, (head) => {
      assignments.answered(head);
    });
    onRecord(channel, NODE_CLOSED, closedSchema, ({ c, code }) => this.#end(nodes.get(c), code));
    void channel.ended.then(() => {
      this.#byChannel.delete(channel);
      if (nodes.size > 0) void this.#endAll([...nodes.values()]);
    });
  }

  /** None of them is open any more. One that registers again meanwhile has another link, and its end here changes nothing. */
  async #endAll(nodes: readonly ForwardedNode[]): Promise<void> {
    this.#options.holdJudgement();
    for (const node of nodes) {
      const turn = this.#end(node, null);
      if (turn !== undefined) await turn;
    }
  }

  #end(node: ForwardedNode | undefined, code: number | null): Promise<void> | undefined {
    if (node === undefined) return undefined;
    return this.#spent(() => {
      node.end(code);
      return 0;
    });
  }

  #answerTo({ token, remote_address: remoteAddress, header_names: headerNames, join_nonce: joinNonce, ...node }: AdmitRecord): object {
    const { node_id: nodeId, node_token: nodeToken, loopback } = node;
    const admitted = this.#options.admit({ token, remoteAddress, headerNames, joinNonce, nodeId, nodeToken }, loopback);
    if (!admitted.ok) return { code: admitted.error };
    return { as: toWirePrincipal(admitted.value.principal), known_as: admitted.value.knownAs };
  }

  /** An invitation that has admitted the member is not asked again. */
  #principalOf(as: WirePrincipal, holder: string | null): NodePrincipal | null | CloseCode {
    if (as === null || (as.kind === 'invite' && holder === null)) return toPrincipal(as);
    const principal = this.#options.principalWith(holder ?? as.id);
    if (principal === null) return CLOSE_CODES.revoked;
    return grantOf('be_a_node', principal.roles) === null ? CLOSE_CODES.notANode : principal;
  }

  /** The replica has checked size and structure. A message is decoded again, since the replica may have another version. */
  #message(node: ForwardedNode, body: Uint8Array, head: MessageHead): void | Promise<void> {
    if (body.length >= LARGE_MESSAGE_BYTES) return this.#largeMessage(node, body, head);
    return this.#spent(() => {
      const message = decoded(body, head.seen);
      this.#receive(node, message, head);
      return message?.type === 'node_heartbeat' ? 1 : 0;
    });
  }

  async #largeMessage(node: ForwardedNode, body: Uint8Array, head: MessageHead): Promise<void> {
    await nextTurn();
    const message = decoded(body, head.seen);
    await nextTurn();
    this.#receive(node, message, head);
    await nextTurn();
  }

  #receive(node: ForwardedNode, message: NodeMessage | null, { asked = false, waited_ms: waitedMs = 0 }: MessageHead): void {
    if (message?.type === 'node_register') {
      node.askedAtMonotonicMs = this.#options.clock.monotonicMs() - waitedMs;
      if (message.node_id != null && this.#hasNewer(message.node_id, node)) {
        node.close(CLOSE_CODES.replaced);
        return;
      }
    }
    node.receive(message, asked);
  }

  /**
   * A registration waits at its replica while no member leads, and its connection is not read: it may have ended unnoticed, and the node may
   * have registered over another one since.
   */
  #hasNewer(nodeId: string, node: ForwardedNode): boolean {
    const link = this.#options.linkOf(nodeId);
    return link instanceof ForwardedNode && link !== node && link.askedAtMonotonicMs > node.askedAtMonotonicMs;
  }

  async #beats(
    nodes: ReadonlyMap<number, ForwardedNode>,
    same: readonly number[],
    changed: readonly ({ readonly c: number } & Figures)[],
  ): Promise<void> {
    const beats = [
      ...changed.map((figures) => ({ node: nodes.get(figures.c), figures })),
      ...same.map((c) => ({ node: nodes.get(c), figures: null })),
    ];
    for (let first = 0; first < beats.length; first += BEATS_TIMED_TOGETHER) {
      const turn = this.#spent(() => {
        let handled = 0;
        for (const { node, figures } of beats.slice(first, first + BEATS_TIMED_TOGETHER)) {
          if (node?.isOpen !== true) continue;
          node.beat(figures);
          handled++;
        }
        return handled;
      });
      if (turn !== undefined) await turn;
    }
  }

  /** `work` returns how many heartbeats it handled. A promise: other work comes first. */
  #spent(work: () => number): Promise<void> | undefined {
    const { clock, stats } = this.#options;
    const startMonotonicMs = clock.monotonicMs();
    const heartbeats = work();
    const spentMs = clock.monotonicMs() - startMonotonicMs;
    stats.heartbeatsHandled(heartbeats, spentMs);
    return this.#turn.spend(spentMs) ? nextTurn() : undefined;
  }
}

function decoded(body: Uint8Array, seen: SeenRecord | undefined): NodeMessage | null {
  const message = decodeCheckedNodeMessage(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
  if (!message.ok || message.value.type !== 'job_result' || seen === undefined) return message.ok ? message.value : null;
  const result: JobResult = { ...message.value, seen: { count: seen.count, hasContent: seen.has_content } };
  return result;
}
