// The nodes of a scheduler with their models, which lists leave out.
import type { NodeView } from '../../../src/shared/api/node-view';
import { sendRequest } from '../http-api';

/** Without the nodes that were not answered. */
export async function nodeViewsOf(port: number): Promise<readonly NodeView[]> {
  const ask = async (path: string): Promise<unknown> => {
    const answer = await sendRequest(port, { path }).catch(() => null);
    return answer?.status === 200 ? answer.json() : null;
  };
  const list = (await ask('/api/v1/nodes')) as { readonly nodes: readonly NodeView[] } | null;
  const views = await Promise.all((list?.nodes ?? []).map(({ node_id: id }) => ask(`/api/v1/nodes/${id}`)));
  return (views as readonly (NodeView | null)[]).filter((view) => view !== null);
}
