// Why a node was chosen, in the text of explain and jobs.
import { describe, expect, test } from 'vitest';
import { explanationText } from '../../../../src/main/cli/explain-command';
import { predictionText } from '../../../../src/main/cli/core/prediction-text';
import { aPredictedNode } from '../../../support/predictions';

const fast = aPredictedNode('gpu-1', { wait: 0.21, input: 0.4, output: 3.9, displaced: 0.32 }, { cached_tokens: 8200 });
const slow = aPredictedNode('gpu-2', { load: 11.2, input: 0.01, output: 120 }, { measured: false });

const UNIT = 'Predicted seconds. TOTAL does not include DISPLACED: the time for prompts that this one displaces from the cache.';

describe('prediction', () => {
  test('nodes -> the route, then the seconds of each term by node', () => {
    expect(predictionText({ route: 'affinity', nodes: [fast, slow] })).toBe(
      [
        'Why this node: should finish first, because the prompt is probably in its cache.',
        UNIT,
        'NODE   SLOT  OTHERS  LOAD  PROMPT  ANSWER  TOTAL  DISPLACED  NOTE',
        'gpu-1  0     0.2     0     0.4     3.9     4.5    0.3        8200 tokens cached',
        'gpu-2  0     0       11.2  <0.1    120     131    0          estimated from similar nodes',
        '',
      ].join('\n'),
    );
  });

  test('nothing known -> the route alone; slower node chosen -> the cause', () => {
    expect(predictionText({ route: 'fallback', nodes: [] })).toBe(
      'Why this node: the first node in rank order, because no times were predicted. Times are predicted once a node has finished a request with this model, with the strategy "predicted".\n',
    );
    expect(predictionText({ route: 'predicted', nodes: [slow, fast] }).split('\n')[0]).toBe(
      'Why this node: should finish first. The chosen node has not run the model yet, so it gets one job that shows its speed.',
    );
  });
});

test('names of nodes -> beside their ids, - where a name is not known', () => {
  const names = new Map([['gpu-2', 'workstation']]);
  const [, , header, first, second] = predictionText({ route: 'predicted', nodes: [slow, fast] }, names).split('\n');
  expect([header?.slice(0, 18), first?.slice(0, 18), second?.slice(0, 8)]).toEqual([
    'NODE   NAME       ',
    'gpu-2  workstation',
    'gpu-1  -',
  ]);
  const [verdict, , ...rows] = explanationText(
    { chosen: 'gpu-2', nodes_total: 2, reasons: {}, nodes: [{ node_id: 'gpu-2', excluded: [] }] },
    names,
  ).split('\n');
  expect(verdict).toBe('This job would go to gpu-2 (workstation).');
  expect(rows).toEqual(['NODE   NAME         RESULT    DETAIL', 'gpu-2  workstation  selected', '']);
});

describe('explain', () => {
  const explanation = { chosen: 'gpu-2', nodes_total: 2, reasons: {}, nodes: [{ node_id: 'gpu-2', excluded: [] }] };

  test('prediction -> above the exclusions; earlier version of the scheduler -> no prediction', () => {
    expect(explanationText({ ...explanation, prediction: { route: 'only', nodes: [] } })).toBe(
      [
        'This job would go to gpu-2.',
        '',
        'Why this node: the only node for this job.',
        '',
        'NODE   RESULT    DETAIL',
        'gpu-2  selected',
        '',
      ].join('\n'),
    );
    expect(explanationText(explanation)).not.toContain('Why');
  });

  test('a sleeping node is woken for the job -> its name, and the time that it needed before', () => {
    const noNode = { chosen: null, nodes_total: 1, reasons: {}, nodes: [] };
    expect(explanationText({ ...noNode, wake: { node_id: 'lab-a', since: null, seconds: 40 } })).toContain(
      'No node would get this job. It wakes lab-a, about 40 s.',
    );
    expect(explanationText({ ...noNode, wake: { node_id: 'lab-a', since: 5, seconds: null } })).toContain('It wakes lab-a.\n');
  });

  test('job would be held -> the full node, and the free node after the longest time', () => {
    const held = {
      reason: 'held_for_node' as const,
      node: aPredictedNode('gpu-1', { slot: 2, output: 3 }),
      best_free: slow,
      max_seconds: 30,
    };
    const text = explanationText({ ...explanation, prediction: { route: 'only', nodes: [slow] }, held });
    expect(text.split('\n')[0]).toBe(
      'This job would wait for gpu-1: predicted 5.0 s there, 131 s on the free node gpu-2. It waits at most 30 s, then it goes to the best free node.',
    );
    expect(text).toMatch(/\n\nPredicted seconds.*\nNODE .*\ngpu-1 .*\ngpu-2 .*\n\nNODE   RESULT    DETAIL\ngpu-2  eligible\n$/);
  });
});

test('explain: an alias -> its model and why, before the verdict', () => {
  const names = [{ name: 'gpt-4o', model: 'llama3.2:3b', by: 'fallback' as const }];
  expect(explanationText({ chosen: null, names, nodes_total: 0, reasons: {}, nodes: [] })).toBe(
    'gpt-4o is served by llama3.2:3b (alias, the model before it is not ready).\nNo node would get this job.\n',
  );
});
