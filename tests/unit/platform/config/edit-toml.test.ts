import { describe, expect, test } from 'vitest';
import { setTomlKey, type TomlPath, unsetTomlKey } from '../../../../src/main/platform/config/edit-toml';
import type { TomlInput } from '../../../../src/main/platform/config/toml-text';

const CPU: TomlPath = ['agent', 'limits', 'cpu_percent'];
const NAME: TomlPath = ['agent', 'name'];
const FOLDERS: TomlPath = ['agent', 'model_folders'];

describe('set', () => {
  test.each<[title: string, before: string, path: TomlPath, value: TomlInput, after: string]>([
    ['empty file', '', NAME, 'x', '[agent]\nname = "x"\n'],
    ['comments only', '# mine\n', NAME, 'x', '# mine\n\n[agent]\nname = "x"\n'],
    ['comment at the line end', '[agent]\nname = "a"  # here\n', NAME, 'b', '[agent]\nname = "b"  # here\n'],
    ['no newline at the end', '[agent]\nname = "a"', CPU, 5, '[agent]\nname = "a"\n\n[agent.limits]\ncpu_percent = 5\n'],
    ['comment without newline at the end', '[agent] # last', NAME, 'b', '[agent] # last\nname = "b"\n'],
    ['key in its table, spaces kept', '[agent]\n  name   =   "a"\n', NAME, 'b', '[agent]\n  name   =   "b"\n'],
    [
      'new key after the last one, before the blank line',
      '[agent]\n  share = "idle" # s\n\n# log\n[log]\n',
      NAME,
      'b',
      '[agent]\n  share = "idle" # s\n  name = "b"\n\n# log\n[log]\n',
    ],
    ['new key in an empty table', '[agent]\n# name = "x"\n[log]\n', NAME, 'b', '[agent]\nname = "b"\n# name = "x"\n[log]\n'],
    [
      'new table after its neighbour, comments of the next header stay with it',
      '[agent]\nname = "a"\n# share = "idle"\n\n# about the log\n[log]\nlevel = "info"\n',
      CPU,
      5,
      '[agent]\nname = "a"\n# share = "idle"\n\n[agent.limits]\ncpu_percent = 5\n\n# about the log\n[log]\nlevel = "info"\n',
    ],
    ['blank lines at the end stay', '[log]\n\n\n', NAME, 'b', '[log]\n\n\n[agent]\nname = "b"\n'],
    ['inline table', 'agent = { name = "a", share = "idle" } # i\n', NAME, 'b', 'agent = { name = "b", share = "idle" } # i\n'],
    ['new key in an inline table', 'agent = { share = "idle" }\n', NAME, 'b', 'agent = { share = "idle", name = "b" }\n'],
    ['empty inline table', '[agent]\nlimits = {}\n', CPU, 5, '[agent]\nlimits = { cpu_percent = 5 }\n'],
    ['section of an inline table', 'agent = { name = "a" }\n', CPU, 5, 'agent = { name = "a", limits.cpu_percent = 5 }\n'],
    [
      'dotted keys at the top',
      'agent.name = "a"\nlog.level = "info"\n',
      CPU,
      5,
      'agent.name = "a"\nlog.level = "info"\n\n[agent.limits]\ncpu_percent = 5\n',
    ],
    ['dotted key', 'agent.limits.cpu_percent = 1 # d\n', CPU, 5, 'agent.limits.cpu_percent = 5 # d\n'],
    [
      'dotted sibling',
      '[agent]\nlimits.gpu_percent = 1\nname = "a"\n',
      CPU,
      5,
      '[agent]\nlimits.gpu_percent = 1\nlimits.cpu_percent = 5\nname = "a"\n',
    ],
    ['quoted keys', '["agent"]\n"name" = "a"\n', NAME, 'b', '["agent"]\n"name" = "b"\n'],
    [
      'quoted key with a dot is another key',
      '["agent.limits"]\ncpu_percent = 1\n',
      CPU,
      5,
      '["agent.limits"]\ncpu_percent = 1\n\n[agent.limits]\ncpu_percent = 5\n',
    ],
    [
      'CRLF',
      '[agent]\r\nname = "a"\r\n\r\n[log]\r\n',
      CPU,
      5,
      '[agent]\r\nname = "a"\r\n\r\n[agent.limits]\r\ncpu_percent = 5\r\n\r\n[log]\r\n',
    ],
    ['byte order mark', '\uFEFF[agent]\nname = "a"\n', NAME, 'b', '\uFEFF[agent]\nname = "b"\n'],
    ['unicode', '# 说明\n[agent]\nname = "工作站"\n', NAME, '节点 🚀', '# 说明\n[agent]\nname = "节点 🚀"\n'],
    ['text with quotes, line breaks and controls', '', NAME, 'a"b\\c\n\u007F\u0000', '[agent]\nname = "a\\"b\\\\c\\n\\u007F\\u0000"\n'],
    ['single quotes stay', "[agent]\nname = 'C:\\a'\n", NAME, 'D:\\b', "[agent]\nname = 'D:\\b'\n"],
    ['single quotes cannot hold it', "[agent]\nname = 'a'\n", NAME, "it's", '[agent]\nname = "it\'s"\n'],
    ['multi-line text', '[agent]\nname = """\na\n"""\n# x\n', NAME, 'b', '[agent]\nname = "b"\n# x\n'],
    ['boolean', '[server]\nannounce = true#c\n', ['server', 'announce'], false, '[server]\nannounce = false#c\n'],
    ['number', '[agent.limits]\ncpu_percent = 1_0\n', CPU, 12.5, '[agent.limits]\ncpu_percent = 12.5\n'],
    ['list', '[agent]\nmodel_folders = ["/a"]\n', FOLDERS, ['/a', '/b'], '[agent]\nmodel_folders = ["/a", "/b"]\n'],
    ['emptied list', '[agent]\nmodel_folders = ["/a"]\n', FOLDERS, [], '[agent]\nmodel_folders = []\n'],
    [
      'list over several lines keeps texts and comments',
      "[agent]\nmodel_folders = [ # disks\n    '/a', # fast\n    # slow ones\n    '/b', # old\n    '/c'\n] # end\n",
      FOLDERS,
      ['/a', '/c', '/d'],
      "[agent]\nmodel_folders = [\n    # disks\n    '/a', # fast\n    # slow ones\n    # old\n    '/c',\n    \"/d\",\n] # end\n",
    ],
    [
      'list in another order',
      '[agent]\nmodel_folders = ["/a", "/b"] # c\n',
      FOLDERS,
      ['/b', '/a'],
      '[agent]\nmodel_folders = ["/b", "/a"] # c\n',
    ],
    [
      'array of tables beside it',
      '[[x]]\na = 1\n[[x]]\n[x.y]\nb = 2\n',
      NAME,
      'b',
      '[[x]]\na = 1\n[[x]]\n[x.y]\nb = 2\n\n[agent]\nname = "b"\n',
    ],
    [
      'sub-table before its parent',
      '[agent.limits]\ngpu_percent = 1\n',
      NAME,
      'b',
      '[agent.limits]\ngpu_percent = 1\n\n[agent]\nname = "b"\n',
    ],
    [
      'unknown keys stay',
      '[later]\nx = 1979-05-27T07:32:00Z\n[agent]\nname = "a"\n',
      NAME,
      'b',
      '[later]\nx = 1979-05-27T07:32:00Z\n[agent]\nname = "b"\n',
    ],
    ['key named like a prototype', '[__proto__]\nx = 1\n', NAME, 'b', '[__proto__]\nx = 1\n\n[agent]\nname = "b"\n'],
  ])('set: %s', (_title, before, path, value, after) => {
    expect(setTomlKey(before, path, value)).toEqual({ ok: true, value: after });
  });

  test.each<[title: string, before: string, error: string]>([
    ['duplicate sections', '[agent]\n[agent]\n', 'syntax'],
    ['duplicate keys', '[agent]\nname = "a"\nname = "b"\n', 'syntax'],
    ['no TOML', 'name: x\n', 'syntax'],
    ['section is a value', 'agent = 1\n', 'not_editable'],
    ['section is an array of tables', '[[agent]]\nname = "a"\n', 'not_editable'],
    ['key is a table', '[agent.name]\nx = 1\n', 'not_editable'],
    ['nested too deeply', `x = ${'['.repeat(20_000)}`, 'syntax'],
  ])('set: %s -> refused', (_title, before, error) => {
    expect(setTomlKey(before, NAME, 'b')).toEqual({ ok: false, error });
  });
});

describe('unset', () => {
  test.each<[title: string, before: string, path: TomlPath, after: string]>([
    ['absent key', '[agent]\n', NAME, '[agent]\n'],
    ['line of a table', '# a\n[agent]\n# about\nname = "a"\nshare = "idle"\n', NAME, '# a\n[agent]\n# about\nshare = "idle"\n'],
    ['comment at the line end stays', '[agent]\n  name = "a" # mine\n', NAME, '[agent]\n  # mine\n'],
    ['last line without newline', '[agent]\nname = "a"', NAME, '[agent]\n'],
    ['number at the end of the text', '[agent.limits]\ncpu_percent = 0', CPU, '[agent.limits]\n'],
    ['first of an inline table', 'agent = { name = "a", share = "idle" }\n', NAME, 'agent = { share = "idle" }\n'],
    ['last of an inline table', 'agent = { share = "idle", name = "a" }\n', NAME, 'agent = { share = "idle" }\n'],
    ['only one of an inline table', 'agent = { name = "a" }\n', NAME, 'agent = {  }\n'],
    ['dotted key', 'agent.name = "a"\nagent.share = "idle"\n', NAME, 'agent.share = "idle"\n'],
    ['CRLF', '[agent]\r\nname = "a"\r\n[log]\r\n', NAME, '[agent]\r\n[log]\r\n'],
    ['list with comments', '[agent]\nmodel_folders = [ # a\n  "/x", # b\n] # c\n', FOLDERS, '[agent]\n# a\n# b\n# c\n'],
  ])('unset: %s', (_title, before, path, after) => {
    expect(unsetTomlKey(before, path)).toEqual({ ok: true, value: after });
  });
});
