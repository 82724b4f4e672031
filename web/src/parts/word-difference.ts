/** A stretch of text that stayed, went or came. */
export type Stretch = { how: "same" | "gone" | "new"; text: string };

// Beyond this many words the table below would be too large; then the middle is shown as replaced.
const mostWords = 1500;

/** How the words of one text become those of the other: the longest run of common words stays. */
export function differenceOf(before: string, after: string): Stretch[] {
  const [old, young] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < young.length - start &&
    old[old.length - 1 - end] === young[young.length - 1 - end]
  )
    end += 1;
  const [gone, came] = [old.slice(start, old.length - end), young.slice(start, young.length - end)];
  const middle: Stretch[] =
    gone.length > mostWords || came.length > mostWords
      ? [
          { how: "gone", text: gone.join("") },
          { how: "new", text: came.join("") },
        ]
      : aligned(gone, came);
  return joined([
    { how: "same", text: old.slice(0, start).join("") },
    ...middle,
    { how: "same", text: old.slice(old.length - end).join("") },
  ]);
}

function wordsOf(text: string): string[] {
  return text.match(/\s+|[^\s]+/g) ?? [];
}

// The table of longest common subsequences, read back from its beginning.
function aligned(gone: readonly string[], came: readonly string[]): Stretch[] {
  const width = came.length + 1;
  const longest = new Uint32Array((gone.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = gone.length - 1; i >= 0; i -= 1)
    for (let j = came.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = gone[i] === came[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const stretches: Stretch[] = [];
  let [i, j] = [0, 0];
  while (i < gone.length || j < came.length) {
    const [old, young] = [gone[i], came[j]];
    if (old !== undefined && old === young) {
      stretches.push({ how: "same", text: old });
      [i, j] = [i + 1, j + 1];
    } else if (old !== undefined && (young === undefined || at(i + 1, j) >= at(i, j + 1))) {
      stretches.push({ how: "gone", text: old });
      i += 1;
    } else {
      stretches.push({ how: "new", text: young ?? "" });
      j += 1;
    }
  }
  return stretches;
}

// What stays between two changes must be worth reading: a blank or one short word alone is taken into both.
const leastKept = 6;

function joined(stretches: readonly Stretch[]): Stretch[] {
  const there = merged(stretches);
  const all: Stretch[] = [];
  let [gone, came] = ["", ""];
  const flush = () => {
    if (gone !== "") all.push({ how: "gone", text: gone });
    if (came !== "") all.push({ how: "new", text: came });
    [gone, came] = ["", ""];
  };
  for (const [at, { how, text }] of there.entries()) {
    const isInside = at > 0 && at < there.length - 1;
    if (how === "gone") gone += text;
    else if (how === "new") came += text;
    else if (isInside && text.trim().length < leastKept) [gone, came] = [gone + text, came + text];
    else {
      flush();
      all.push({ how, text });
    }
  }
  flush();
  return all;
}

function merged(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const { how, text } of stretches) {
    const last = all.at(-1);
    if (text === "") continue;
    if (last && last.how === how) last.text += text;
    else all.push({ how, text });
  }
  return all;
}
