/**
 * The line (from 0) of a YAML text that a path leads to, or as far as the text has it: `voltage.lowV` in a text that names only
 * `voltage:` is the line of `voltage:`. Null when not even its first part is there. Knows block style, and `a: { b: 1 }` on one line.
 */
export function lineOfPath(text: string, path: string): number | null {
  const parts = path.split(/\.|\[/).map((part) => part.replace(']', ''));
  const lines = text.split('\n');
  let found: number | null = null;
  let at = 0;
  let below = -1;
  for (const part of parts) {
    const line = lines.findIndex((line, index) => index >= at && depthOf(line) > below && keyOf(line) === part);
    if (line === -1 || leaves(lines.slice(at, line), below)) break;
    found = line;
    at = line + 1;
    below = depthOf(lines[line] ?? '');
  }
  return found;
}

const depthOf = (line: string): number => line.length - line.trimStart().length;
const keyOf = (line: string): string | null => /^\s*["']?([^\s"'#:{][^"':]*?)["']?\s*:(?:\s|$)/.exec(line)?.[1] ?? null;

/** True when a line between belongs to what is further out: the search has left its branch. */
const leaves = (between: readonly string[], below: number): boolean =>
  between.some((line) => line.trim() !== '' && !line.trim().startsWith('#') && depthOf(line) <= below);

/** The line (from 0) that the parser names in "… at line 3, column 5". */
export function lineInMessage(message: string): number | null {
  const line = /at line (\d+)/.exec(message)?.[1];
  return line === undefined ? null : Number(line) - 1;
}
