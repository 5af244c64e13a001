// An agent with a scripted scheduler, hardware and a clock that the test controls, and its own state folder. After each test it checks
// that every frame was valid by the protocol, and that no log line had a secret.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { type Agent, openAgent } from '../../src/main/agent/agent';
import type { AgentOptions } from '../../src/main/agent/agent-options';
import type { LinkView } from '../../src/shared/api/agent-view';
import { FakeHardware } from './fake-hardware';
import { ManualClock } from './manual-clock';
import { ScriptedScheduler } from './scripted-scheduler';
import { until } from './until';

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: unknown;
}

class AgentBench {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'muster-agent-'));
  readonly clock = new ManualClock();
  readonly hardware = new FakeHardware();
  readonly lines: LogLine[] = [];
  readonly agents: Agent[] = [];
  scheduler: ScriptedScheduler;

  constructor(scheduler: ScriptedScheduler) {
    this.scheduler = scheduler;
  }

  optionsOf(fields: Partial<AgentOptions> = {}): AgentOptions {
    return {
      version: '0.1.0',
      name: 'test machine',
      acceptPublicJobs: true,
      maxConcurrentJobs: 2,
      modelFolders: [],
      modelsDir: path.join(this.folder, 'models'),
      simulatedModelsDir: path.join(this.folder, 'simulated-models'),
      stateDir: this.folder,
      identityFile: path.join(this.folder, 'identity.json'),
      hardware: this.hardware,
      clock: this.clock,
      logger: { log: (level, event, fields) => this.lines.push({ level, event, fields }), isEnabled: () => true },
      random: () => 0.5,
      fingerprint: () => Promise.resolve('this machine'),
      ...fields,
    };
  }

  async open(fields: Partial<AgentOptions> = {}): Promise<Agent> {
    const opened = await openAgent(this.optionsOf(fields));
    if (!opened.ok) throw new Error(opened.error.code);
    this.agents.push(opened.value);
    return opened.value;
  }

  /** Connecting to the scripted scheduler. */
  async started(fields: Partial<AgentOptions> = {}, joinToken: string | null = null): Promise<Agent> {
    const agent = await this.open(fields);
    agent.connectTo({ url: this.scheduler.url, joinToken });
    await agent.start();
    return agent;
  }

  /** Registered as `node-1`, its first heartbeat received. */
  async connected(): Promise<Agent> {
    const agent = await this.started();
    await (await this.scheduler.connection(0)).accept();
    await linkIs(agent, 'connected');
    return agent;
  }

  /** Lets the agent read the load this number of times. */
  async readLoads(times: number): Promise<void> {
    const { hardware, clock } = this;
    for (let reading = 0; reading < times; reading++) {
      const { loads } = hardware;
      await until('the next reading', () => {
        if (hardware.loads === loads) clock.advance(2500);
        return hardware.loads > loads;
      });
    }
  }

  /** The agent stops, and another one starts on the same state folder. */
  async restarted(agent: Agent): Promise<Agent> {
    await agent.stop({ timeoutMs: 0 });
    this.agents.splice(this.agents.indexOf(agent), 1);
    const next = await this.open();
    await next.start();
    return next;
  }

  identityFile() {
    return JSON.parse(readFileSync(path.join(this.folder, 'identity.json'), 'utf8')) as { schedulers: unknown[] };
  }

  async close(): Promise<void> {
    for (const agent of this.agents) await agent.stop({ timeoutMs: 0 });
    await this.scheduler.close();
    rmSync(this.folder, { recursive: true, force: true });
    expect(this.scheduler.connections.flatMap((connection) => connection.faults)).toEqual([]);
    expect(JSON.stringify(this.lines)).not.toMatch(/secret-|join-secret/);
  }
}

/** A new bench for each test of the file: `bench()` inside a test is its own. */
export function useAgentBench(): () => AgentBench {
  let bench: AgentBench;
  beforeEach(async () => {
    bench = new AgentBench(await ScriptedScheduler.open());
  });
  afterEach(() => bench.close());
  return () => bench;
}

export const linkIs = (agent: Agent, state: LinkView['state']): Promise<LinkView> =>
  until(`the link to be ${state}`, () => {
    const { link } = agent.view();
    return link.state === state ? link : null;
  });
