// The name of the node of an answer. Null: no node has the job yet.
import { useApp } from '../../store/Screen';
import { type Answer, nodeIdOf } from './answer';

/** A program that does not operate the pool knows the name from the answer. */
export function useAnswerNode(answer: Pick<Answer, 'begin' | 'job'>): string | null {
  const nodeId = nodeIdOf(answer);
  const known = useApp(({ nodes }) => (nodeId === null ? null : (nodes.get(nodeId)?.name ?? null)));
  return known ?? answer.begin?.node_name ?? nodeId;
}
