// English: why a node was chosen for a job, and why a job waits for a full node.
import { HOLD_TEXTS, REMARK_TEXTS, ROUTE_TEXTS } from '../../../shared/reasons/routes';
import { reasonLabels } from '../reason-labels';

export const whyNode = {
  route: reasonLabels(ROUTE_TEXTS, 'en'),
  route_remark: reasonLabels(REMARK_TEXTS, 'en'),
  hold: reasonLabels(HOLD_TEXTS, 'en'),
  why_node: {
    title: 'Why this node',
    sentence: '{{reason}}.',
    table: 'Predicted seconds by node',
    node: 'Node',
    total: 'Total, s',
    term: {
      slot: 'Wait for\u00a0slot',
      wait: 'Other prompts',
      load: 'Load model',
      input: 'Prompt',
      output: 'Answer',
    },
    unit: 'Predicted seconds until the end of the answer. The rates come from earlier jobs.',
    chosen: 'Selected',
    cached_one: '{{tokens}} prompt token cached',
    cached_other: '{{tokens}} prompt tokens cached',
    estimated: 'Estimated from similar nodes',
    displaced: 'Cache eviction: +{{seconds}} s',
    displaced_note:
      'Cache eviction: this prompt evicts other prompts from the cache. The time to process them again counts in the comparison of nodes. The total does not include this time.',
    nothing_known:
      'Times are predicted once a node has finished a request with this model, because its speed is then known. The dispatch strategy must be “{{predicted}}”.',
    predicted: 'predicted {{seconds}} s',
    held: 'Predicted: about {{there}} s on <b>{{node}}</b>, {{here}} s on <b>{{free}}</b>, the best free node.',
    held_until: 'At {{at}} at the latest, the job goes to a free node.',
    held_at_most:
      'The job waits at most {{seconds}} s. Then it goes to the best free node. Other jobs that wait for the full node are not counted.',
    would_hold: 'The job would wait for <b>{{name}}</b> first.',
    waits_for: 'The job waits for this node',
    best_free: 'Best free node',
    input_tokens: 'Prompt tokens',
    output_tokens: 'Answer tokens',
    as_expected: 'scheduler’s estimate',
    tokens_invalid: 'Enter a whole number from 0 to 1,000,000,000.',
  },
};
