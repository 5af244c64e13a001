// Drain, resume and tag nodes, one or many. Each node has its own request and answer; a notice at the end offers the reverse for the nodes
// that changed, and says which failed and why.
import { useCallback, useMemo } from 'react';
import type { AppError, OperationParams } from '../../../shared/api/app-api';
import type { NodeView } from '../../../shared/api/node-view';
import type { Result } from '../../../shared/result';
import { errorTexts } from '../../components/ErrorNote';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { type NodesNamed, nodesText } from './nodes-text';

export type DrainParams = Omit<OperationParams<'pool.drain'>, 'node_id'>;

/** All tags of the node after the change. */
export interface TagChange {
  readonly node: NodeView;
  readonly tags: readonly string[];
}

export interface NodeActs {
  readonly drain: (nodes: readonly NodeView[], params: DrainParams) => Promise<void>;
  readonly resume: (nodes: readonly NodeView[]) => Promise<void>;
  readonly tag: (changes: readonly TagChange[]) => Promise<void>;
}

type Act<Item> = (item: Item) => Promise<Result<unknown, AppError>>;
interface Failed {
  readonly node: NodeView;
  readonly error: AppError;
}

const AT_ONCE = 4;

export function useNodeActs(): NodeActs {
  const { t } = useLabels();
  const drain = useOperation('pool.drain').run;
  const resume = useOperation('pool.resume').run;
  const tag = useOperation('pool.tag_node').run;
  const onAll = useOnAll();
  return useMemo(() => {
    const resumeOne: Act<NodeView> = ({ node_id }) => resume({ node_id });
    // The deadline of before has passed or counts again: the default holds.
    const drainAgain: Act<NodeView> = ({ node_id, drain: before }) =>
      drain({ node_id, ...(before?.reason == null ? {} : { reason: before.reason }) });
    const self = (node: NodeView): NodeView => node;
    return {
      drain: (nodes, params) =>
        onAll(
          nodes,
          self,
          ({ node_id }) => drain({ node_id, ...params }),
          resumeOne,
          (named) => nodesText(t, 'drained', named),
        ),
      resume: (nodes) => onAll(nodes, self, resumeOne, drainAgain, (named) => nodesText(t, 'resumed', named)),
      tag: (changes) =>
        onAll(
          changes,
          ({ node }) => node,
          ({ node, tags }) => tag({ node_id: node.node_id, tags: [...tags] }),
          ({ node }) => tag({ node_id: node.node_id, tags: [...(node.tags ?? [])] }),
          (named) => nodesText(t, 'tagged', named),
        ),
    };
  }, [t, drain, resume, tag, onAll]);
}

function useOnAll() {
  const labels = useLabels();
  const { show } = useToasts();
  return useCallback(
    async <Item>(
      items: readonly Item[],
      nodeOf: (item: Item) => NodeView,
      act: Act<Item>,
      reverse: Act<Item>,
      textOf: (names: NodesNamed) => string,
    ): Promise<void> => {
      const { t, gap } = labels;
      const showFailed = (failed: readonly Failed[], of: number): void => {
        const [first] = failed;
        if (first === undefined) return;
        const { title, fix } = errorTexts(labels, first.error);
        show({
          tone: 'error',
          text: t('nodes.acts_failed', { count: failed.length, of, name: first.node.name }),
          detail: `${title}${gap}${fix}`,
        });
      };
      const { done, failed } = await eachOf(items, nodeOf, act);
      const [first] = done;
      if (first !== undefined) {
        const undo = async (): Promise<void> => showFailed((await eachOf(done, nodeOf, reverse)).failed, done.length);
        show({ text: textOf({ count: done.length, name: nodeOf(first).name }), undo: () => void undo() });
      }
      showFailed(failed, items.length);
    },
    [labels, show],
  );
}

async function eachOf<Item>(items: readonly Item[], nodeOf: (item: Item) => NodeView, act: Act<Item>) {
  const [done, failed]: [Item[], Failed[]] = [[], []];
  // The workers share one iterator, so each item is taken once.
  const waiting = items.values();
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      const outcome = await act(item);
      if (outcome.ok) done.push(item);
      else failed.push({ node: nodeOf(item), error: outcome.error });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { done, failed };
}
