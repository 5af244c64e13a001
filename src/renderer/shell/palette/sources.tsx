// The commands of the frame: pages, nodes, models, and any job by its id. Pages add their own with `useCommands`.
import type { AppState } from '../../../shared/api/app-state';
import { availabilityOf, slotsOf } from '../../../shared/api/availability';
import type { NodeView } from '../../../shared/api/node-view';
import type { Command } from '../../components/commands/commands';
import { StatusShape } from '../../components/StatusShape';
import type { Labels } from '../../i18n/use-labels';
import { distinctName } from '../../labels/node-name';
import { goTo } from '../../store/use-route';
import { PageIcon } from '../icons';
import { pagesOf, partsOf } from '../pages';

export function frameCommands(app: AppState, labels: Labels, search: string): readonly Command[] {
  return [...pageCommands(app, labels), ...nodeCommands(app, labels), ...modelCommands(app, labels), ...jobCommand(app, labels, search)];
}

function pageCommands(app: AppState, { t }: Labels): readonly Command[] {
  return pagesOf(partsOf(app)).map((page) => ({
    id: `page ${page}`,
    group: 'pages',
    title: t(`nav.${page}`),
    words: t(`palette_search.page.${page}`),
    icon: <PageIcon page={page} />,
    run: () => goTo({ page }),
  }));
}

function nodeCommands({ nodes }: AppState, labels: Labels): readonly Command[] {
  return Array.from(nodes.values(), (node) => {
    const { state } = availabilityOf(node);
    return {
      id: `node ${node.node_id}`,
      group: 'nodes',
      title: distinctName(node),
      detail: nodeDetail(node, labels),
      words: [node.node_id, ...node.hardware.gpus.map(({ name }) => name)].join(' '),
      icon: <StatusShape shape={state} size={16} />,
      run: () => goTo({ page: 'nodes', id: node.node_id }),
    };
  });
}

/** `Available · 1 of 2 slots in use` */
function nodeDetail(node: NodeView, { t, format }: Labels): string {
  const { used, total } = slotsOf(node);
  const slots = t('availability_reason.slots', { used: format.number(used), total: format.number(total) });
  return `${t(`availability.${availabilityOf(node).state}`)} · ${slots}`;
}

/** The models of this computer and of the pool, once each, with the number of nodes that have the model. */
function modelCommands({ agent, nodes }: AppState, { t, format }: Labels): readonly Command[] {
  const counts = new Map((agent?.models ?? []).map(({ model_id }) => [model_id, 0]));
  for (const { installed_models } of nodes.values())
    for (const { model_id } of installed_models ?? []) counts.set(model_id, (counts.get(model_id) ?? 0) + 1);
  return Array.from(counts, ([id, count]) => ({
    id: `model ${id}`,
    group: 'models',
    title: id,
    detail: count === 0 ? t('palette.model_here') : t('palette.model_nodes', { count, shown: format.number(count) }),
    run: () => goTo({ page: 'models', search: id }),
  }));
}

/** Letters, digits and signs, with a digit: a word such as `settings` is no id. */
const JOB_ID = /^(?=.*\d)[\w-]{6,128}$/;

/** Only the scheduler knows all jobs, so an id is opened without a check: the drawer says when there is no such job. */
function jobCommand({ pool }: AppState, { t }: Labels, search: string): readonly Command[] {
  const id = search.trim();
  if (pool === null || !JOB_ID.test(id)) return [];
  return [{ id: `job ${id}`, group: 'jobs', title: t('palette.open_job', { id }), run: () => goTo({ page: 'jobs', id }) }];
}
