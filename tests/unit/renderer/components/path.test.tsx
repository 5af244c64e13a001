import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Path } from '../../../../src/renderer/components/Path';

afterEach(cleanup);

test.each([
  ['/home/ming/models/nllb-200', ['/home/', 'ming/', 'models/', 'nllb-200']],
  ['C:\\Users\\ming\\nllb-200', ['C:\\', 'Users\\', 'ming\\', 'nllb-200']],
  ['\\\\nas\\models', ['\\\\nas\\', 'models']],
  ['http://127.0.0.1:8080/v1', ['http://', '127.0.0.1:8080/', 'v1']],
  ['ollama', ['ollama']],
  ['/', ['/']],
])('path %s -> breaks only between names', (path, parts) => {
  const { container } = render(<Path path={path} />);
  expect([...container.querySelectorAll('span')].map(({ textContent }) => textContent)).toEqual(parts);
  expect(container.textContent).toBe(path);
});
