// Runs one pass of a work at a time. Each caller gets a pass that begins after its call; callers share passes.

export class SerialPasses {
  readonly #pass: () => Promise<void>;
  #isRunning = false;
  /** Callers who wait for the next pass. */
  #callers: (() => void)[] = [];

  constructor(pass: () => Promise<void>) {
    this.#pass = pass;
  }

  /** Begins at once when no pass runs. Resolves at the end of the pass. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#callers.push(resolve);
      if (!this.#isRunning) void this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    while (this.#callers.length > 0) {
      const callers = this.#callers;
      this.#callers = [];
      await this.#pass();
      for (const resolve of callers) resolve();
    }
    this.#isRunning = false;
  }
}
