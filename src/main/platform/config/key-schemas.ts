// The values that several configuration keys have in common: their kinds and bounds.
import { z } from 'zod';
import { parsePoolAddress } from '../../../shared/api/join-link';
import { parseKeyFile, parseRuntimeUrl } from '../runtime-url';
import { aliasFault, MAX_ALIAS_ENTRIES, parseAlias } from '../../../shared/model-aliases';
import { parseVramLimit } from '../../../shared/vram-limit';

export const DAY_SECONDS = 86_400;
export const YEAR_SECONDS = 365 * DAY_SECONDS;
/** Timers are not precise below 10 ms. */
export const seconds = z
  .number()
  .min(0.01)
  .max(30 * DAY_SECONDS);
export const secondsOrZero = z
  .number()
  .min(0)
  .max(30 * DAY_SECONDS);
export const count = z.number().int().min(1).max(1_000_000);
export const checks = z.number().int().min(1).max(1000);
export const retention = z
  .number()
  .min(0.01)
  .max(10 * YEAR_SECONDS);
export const percent = z.number().min(0).max(100);
/** A body of this size fits into a frame to a node, also in base64. */
export const MAX_BODY_BYTES = 12_000_000;
export const path = z.string().min(1).max(4096);
/** A secret must not be in a configuration or on a command line. The token has its own file. */
export const schedulerAddress = z
  .string()
  .max(1024)
  .superRefine((value, context) => {
    const target = parsePoolAddress(value);
    if (!target.ok) context.addIssue(`expected an address such as wss://192.168.1.20:7080#pin=sha256-... (${target.error})`);
    else if (target.value.token !== null)
      context.addIssue(
        'the link contains a key: use `muster join "LINK"`, or write the key to a file and set agent.token_file to that file',
      );
  });

/** Its pin is that of the pool, so none is given here. */
export const otherSchedulerAddress = z
  .string()
  .max(300)
  .superRefine((value, context) => {
    const target = parsePoolAddress(value);
    if (!target.ok) context.addIssue(`expected an address such as wss://192.168.1.21:7080 (${target.error})`);
    else if (target.value.token !== null || target.value.pin !== null)
      context.addIssue('expected an address without a key and a pin: those of agent.scheduler hold for every scheduler of the pool');
  });

export const runtimeAddress = z
  .string()
  .max(1024)
  .superRefine((value, context) => {
    const url = parseRuntimeUrl(value);
    if (!url.ok) context.addIssue(url.error);
  });
export const keyFile = z
  .string()
  .max(4096)
  .superRefine((value, context) => {
    const parsed = parseKeyFile(value);
    if (!parsed.ok) context.addIssue(parsed.error);
  });

/** The UUID, the index or the name of a GPU. */
export const gpuName = z.string().trim().min(1).max(320);
export const vramLimit = z
  .string()
  .max(400)
  .refine((value) => parseVramLimit(value) !== null, { error: 'expected GPU=GB, such as RTX 4090=16' });

const modelAlias = z
  .string()
  .max(600)
  .refine((value) => parseAlias(value) !== null, { error: 'expected NAME=MODEL, such as gpt-4o-mini=qwen2.5:7b' });
export const modelAliases = z
  .array(modelAlias)
  .max(MAX_ALIAS_ENTRIES)
  .superRefine((entries, context) => {
    const fault = aliasFault(entries);
    if (fault !== null) context.addIssue({ code: 'custom', path: [fault.at], message: fault.reason });
  });
