// The order of the test files: that of vitest, but a file that takes longer than all others of its group starts first. Otherwise one worker
// would run it alone at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONG_FILES = ['tests/web/screens.test.ts'];

const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
const isLong = ({ moduleId }: TestSpecification): boolean => LONG_FILES.some((name) => moduleId.endsWith(name));

export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => groupOf(one) - groupOf(other) || Number(isLong(other)) - Number(isLong(one)));
  }
}
