// Runs dependency-cruiser with a rule set. Returns each violation as one string: `rule: from -> to`.
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult, IConfiguration } from 'dependency-cruiser';

/** @param baseDir the folder that `paths` and the rules' paths are relative to */
export async function violations(config: IConfiguration, paths: string[], baseDir: string): Promise<string[]> {
  const { forbidden = [], options = {} } = config;
  const { output } = await cruise(paths, { ...options, baseDir, validate: true, ruleSet: { forbidden } });
  const { summary } = output as ICruiseResult;
  if (summary.totalCruised === 0) throw new Error(`No modules were found in ${paths.join(', ')}`);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
}

/** Every import from one file of src to another one. */
export async function folderImports(baseDir: string): Promise<{ from: string; to: string }[]> {
  const { output } = await cruise(['src'], { baseDir, doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true });
  const { modules } = output as ICruiseResult;
  return modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => ({ from: source, to: resolved })));
}
