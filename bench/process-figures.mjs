// Loaded before a program that a benchmark measures (`node --import`). After SIGUSR2 it writes a file `<pid>.json` into FIGURES_FOLDER: CPU time
// and memory, and of the time since the last file the delay of the event loop, and its longest turn. The turn is CPU time: unlike the delay, it
// does not grow while other programs use the processor.
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;
const NS_PER_MS = 1e6;

const file = path.join(String(process.env['FIGURES_FOLDER']), `${String(process.pid)}.json`);
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

/** @param {{ user: number, system: number }} usage */
const ms = ({ user, system }) => (user + system) / 1000;
/** @param {number} value */
const rounded = (value) => Math.round(value * 10) / 10;
/** The monitor counts its own resolution as delay. @param {number} ns */
const delayMs = (ns) => rounded(Math.max(0, ns / NS_PER_MS - RESOLUTION_MS));

let longestTurnMs = 0;
let turnBegan = process.threadCpuUsage();
setInterval(() => {
  longestTurnMs = Math.max(longestTurnMs, ms(process.threadCpuUsage(turnBegan)));
  turnBegan = process.threadCpuUsage();
}, RESOLUTION_MS).unref();

process.on('SIGUSR2', () => {
  const figures = {
    cpuMs: ms(process.cpuUsage()),
    rssMb: Math.round(process.memoryUsage.rss() / 1024 ** 2),
    delayP99Ms: delayMs(delay.percentile(99)),
    delayMaxMs: delayMs(delay.max),
    longestTurnMs: rounded(longestTurnMs),
  };
  delay.reset();
  longestTurnMs = 0;
  writeFileSync(`${file}.new`, JSON.stringify(figures));
  renameSync(`${file}.new`, file);
});
