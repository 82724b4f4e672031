/** What is said while the work goes on, and last its result. Whoever reads slowly misses some of the former. */
export async function* progressOf<Said, Result, Told>(
  work: (say: (said: Said) => void) => Promise<Result>,
  tell: (result: Result) => Told,
): AsyncGenerator<Said | Told> {
  let newest: { said: Said } | undefined;
  let wake: () => void = () => undefined;
  let isDone = false;
  const result = work((said) => {
    newest = { said };
    wake();
  });
  // Only wakes the reader: what the work throws is thrown below.
  const ended = result.then(
    () => void (isDone = true),
    () => void (isDone = true),
  );
  while (!isDone) {
    if (newest) {
      const { said } = newest;
      newest = undefined;
      yield said;
    } else {
      await Promise.race([ended, new Promise<void>((resolve) => (wake = resolve))]);
    }
  }
  yield tell(await result);
}
