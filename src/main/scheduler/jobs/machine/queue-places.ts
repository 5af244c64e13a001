// The places of several waiting jobs, such as the rows of a list. Jobs of one priority that compete with the same jobs share what is
// read of those, so a list reads them once and not once for each row.
import type { NodeRecord } from '../../lifecycle/node-record';
import type { JobFacts } from './job-record';
import type { KeyShares } from './key-shares';
import { Competition } from './queue-place';
import type { WaitingGroup } from './waiting-group';

export interface PlacesSource {
  readonly shares: KeyShares;
  readonly indexKeyOf: (job: JobFacts) => string;
  readonly indexKeysOfNode: (node: NodeRecord) => ReadonlySet<string>;
  readonly groupsAt: (keys: ReadonlySet<string>) => Iterable<WaitingGroup>;
}

export class QueuePlaces {
  readonly #source: PlacesSource;
  /** By the ids of the nodes. */
  readonly #keysOfNodes = new Map<string, ReadonlySet<string>>();
  readonly #competitions = new Map<string, Competition>();
  #read = 0;

  constructor(source: PlacesSource) {
    this.#source = source;
  }

  /** Lanes and keys that the places have read. */
  get read(): number {
    return this.#read;
  }

  /**
   * Number of waiting jobs that should start before this one, of those that wait for the same node, model or kind, or for one that these
   * nodes have.
   */
  ahead(job: JobFacts, nodes: readonly NodeRecord[] = []): number {
    const { shares, indexKeyOf, groupsAt } = this.#source;
    const ids = nodes.map(({ nodeId }) => nodeId).join('\n');
    let ofNodes = this.#keysOfNodes.get(ids);
    if (ofNodes === undefined)
      this.#keysOfNodes.set(ids, (ofNodes = new Set(nodes.flatMap((node) => [...this.#source.indexKeysOfNode(node)]))));
    const own = indexKeyOf(job);
    const isOfNodes = ofNodes.has(own);
    const key = JSON.stringify([ids, isOfNodes ? null : own, job.priority]);
    let competition = this.#competitions.get(key);
    const before = competition?.read ?? 0;
    if (competition === undefined) {
      competition = new Competition(job.priority, groupsAt(isOfNodes ? ofNodes : new Set([own, ...ofNodes])), shares);
      this.#competitions.set(key, competition);
    }
    const ahead = competition.before(job);
    this.#read += competition.read - before;
    return ahead;
  }
}
