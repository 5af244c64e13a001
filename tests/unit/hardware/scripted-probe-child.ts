// Probing children that a test answers by hand.
import type { ProbeChild } from '../../../src/main/hardware/probe/probe-child-process';
import type { ProbeQuestion, ProbeRequest } from '../../../src/main/hardware/probe/probe-messages';

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

  /** Answers by itself when set. */
  onRequest: ((request: ProbeRequest) => void) | null = null;

  say(message: unknown): void {
    this.#message(message);
  }

  die(reason: string): void {
    this.#exit(reason);
  }

  answer(kind: ProbeQuestion['kind'], value: unknown): void {
    const request = this.requests.findLast((candidate) => candidate.kind === kind);
    this.say({ id: request?.id, ok: true, value });
  }
}
