// A listener of a question that keeps the events of the answer, and can hold its producer.
import type { AskEnd, AskEvent, AskListener } from '../../src/shared/api/ask';
import { isLast } from '../../src/shared/api/ask-end';
import { until } from './until';

export class KeptAnswer implements AskListener {
  readonly events: AskEvent[] = [];
  /** Calls so far. */
  messages = 0;
  #held: (() => void)[] | null = null;

  onEvents(events: readonly AskEvent[]): void | Promise<void> {
    this.messages += 1;
    this.events.push(...events);
    return this.#held === null ? undefined : new Promise((resolve) => this.#held?.push(resolve));
  }

  /** Each message waits for `release`. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const resolve of held) resolve();
  }

  get text(): string {
    return this.of('text')
      .map(({ text }) => text)
      .join('');
  }

  of<Type extends AskEvent['type']>(type: Type): readonly Extract<AskEvent, { readonly type: Type }>[] {
    return this.events.filter((event): event is Extract<AskEvent, { readonly type: Type }> => event.type === type);
  }

  async untilText(part: string): Promise<void> {
    await until(`the text "${part}"`, () => this.text.includes(part));
  }

  async ended(): Promise<AskEnd | undefined> {
    await until('the end of the answer', () => this.events.some(isLast));
    return this.events.find(isLast);
  }
}
