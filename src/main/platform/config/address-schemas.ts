// The schemas of configured addresses and key files: each error names the fault.
import { z } from 'zod';
import { parsePoolAddress } from '../../../shared/api/join-link';
import { parseKeyFile, parseRuntimeUrl } from '../runtime-url';

/** A secret must not be in a configuration or on a command line. The token has its own file. */
export const schedulerAddress = z
  .string()
  .max(1024)
  .superRefine((value, context) => {
    const target = parsePoolAddress(value);
    if (!target.ok) context.addIssue(`expected an address such as ws://192.168.1.20:7080 (${target.error})`);
    else if (target.value.token !== null)
      context.addIssue('the link contains a key: use `muster join LINK`, or write the key to a file and set agent.token_file to that file');
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
