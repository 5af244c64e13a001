// Runs a trace against a pool of virtual nodes, with one rule, in virtual time.
import type { DispatchPolicy } from '../../src/main/scheduler/dispatch/policy';
import { type Figures, figuresOf, type Outcome } from './figures';
import { MusterPool } from './muster-pool';
import type { BenchRequest } from './requests';
import type { Rule } from './rules';
import { type NodeSpeed, type Served, VirtualNode } from './virtual-node';
import { VirtualTime } from './virtual-time';

/** `muster`: requests wait in the queue of the scheduler, with this policy. Else they go to a node at once. */
export type BenchRule = { readonly muster: Partial<DispatchPolicy> } | { readonly rule: () => Rule };

const MS_PER_SECOND = 1000;

/** The figures of one trace, or of several runs together, each with a new pool. */
export function simulate(runs: readonly (readonly BenchRequest[])[], speeds: readonly NodeSpeed[], bench: BenchRule): Figures {
  const outcomes = runs.flatMap((trace) => outcomesOf(trace, speeds, bench));
  return figuresOf(
    outcomes,
    runs.reduce((sent, trace) => sent + trace.length, 0),
  );
}

function outcomesOf(trace: readonly BenchRequest[], speeds: readonly NodeSpeed[], bench: BenchRule): Outcome[] {
  const time = new VirtualTime();
  const nodes = speeds.map((speed, index) => new VirtualNode(index, speed, time));
  const outcomes: Outcome[] = [];
  const sentAtMs = new Map<number, number>();
  const serve = (request: BenchRequest, node: VirtualNode, onFirstToken: () => void, onEnd: (served: Served) => void): void => {
    let ttftMs = 0;
    const startMs = sentAtMs.get(request.id) ?? 0;
    node.serve(
      request,
      () => {
        ttftMs = time.monotonicMs() - startMs;
        onFirstToken();
      },
      (served) => {
        const endMs = time.monotonicMs() - startMs;
        outcomes.push({
          ttftSeconds: ttftMs / MS_PER_SECOND,
          tpotSeconds: (endMs - ttftMs) / MS_PER_SECOND / request.outputTokens,
          endSeconds: endMs / MS_PER_SECOND,
          promptTokens: request.promptTokens,
          cachedTokens: served.cachedTokens,
        });
        onEnd(served);
        const { next } = request;
        if (next !== null)
          time.setTimer(next.thinkSeconds * MS_PER_SECOND, () => {
            send(next);
          });
      },
    );
  };
  const send = senderOf(bench, time, nodes, serve, sentAtMs);
  for (const request of trace)
    if (request.atSeconds !== null)
      time.setTimer(request.atSeconds * MS_PER_SECOND, () => {
        send(request);
      });
  time.run();
  return outcomes;
}

function senderOf(
  bench: BenchRule,
  time: VirtualTime,
  nodes: readonly VirtualNode[],
  serve: (request: BenchRequest, node: VirtualNode, onFirstToken: () => void, onEnd: (served: Served) => void) => void,
  sentAtMs: Map<number, number>,
): (request: BenchRequest) => void {
  const noted =
    (act: (request: BenchRequest) => void) =>
    (request: BenchRequest): void => {
      sentAtMs.set(request.id, time.monotonicMs());
      act(request);
    };
  if ('rule' in bench) {
    const rule = bench.rule();
    return noted((request) => {
      serve(
        request,
        rule.choose(request, nodes, time.monotonicMs()),
        () => undefined,
        () => undefined,
      );
    });
  }
  const pool = new MusterPool({
    time,
    nodes,
    policy: bench.muster,
    onAssigned: (request, node, { onFirstToken, onEnd }) => {
      serve(request, node, onFirstToken, onEnd);
    },
  });
  return noted((request) => {
    pool.submit(request);
  });
}
