// Scripted probe processes: the test sends each answer.
import type { ProbeChild } from '../../../src/main/hardware/probe/probe-child-process';
import type { ProbeCommand, ProbeRequest } from '../../../src/main/hardware/probe/probe-messages';

export class ScriptedProbeChild implements ProbeChild {
  readonly requests: ProbeRequest[] = [];
  killed = false;
  #message: (message: unknown) => void = () => undefined;
  #exit: (reason: string) => void = () => undefined;

  send(request: ProbeRequest): void {
    this.requests.push(request);
    this.onRequest?.(request);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }

  onExit(listener: (reason: string) => void): void {
    this.#exit = listener;
  }

  kill(): void {
    this.killed = true;
  }

  /** Set: called with each request, so that the test can answer at once. */
  onRequest: ((request: ProbeRequest) => void) | null = null;

  say(message: unknown): void {
    this.#message(message);
  }

  die(reason: string): void {
    this.#exit(reason);
  }

  answer(kind: ProbeCommand['kind'], value: unknown): void {
    const request = this.requests.findLast((candidate) => candidate.kind === kind);
    this.say({ id: request?.id, ok: true, value });
  }
}
