// Runs dependency-cruiser with a rule set.
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult, IConfiguration } from 'dependency-cruiser';

export interface Cruised {
  /** Each violation as one string: `rule: from -> to`. */
  readonly violations: readonly string[];
  /** Every import from one file to another one. */
  readonly imports: readonly { readonly from: string; readonly to: string }[];
}

/** @param baseDir the folder that `paths` and the rules' paths are relative to */
export async function cruised(config: IConfiguration, paths: string[], baseDir: string): Promise<Cruised> {
  const { forbidden = [], options = {} } = config;
  const { output } = await cruise(paths, { ...options, baseDir, validate: true, ruleSet: { forbidden } });
  const { summary, modules } = output as ICruiseResult;
  if (summary.totalCruised === 0) throw new Error(`No modules were found in ${paths.join(', ')}`);
  return {
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort(),
    imports: modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => ({ from: source, to: resolved }))),
  };
}
