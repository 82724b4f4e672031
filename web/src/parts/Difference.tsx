import { differenceOf } from "./word-difference.ts";

/** What changed within a text: struck out what went, underlined what came. */
export function Difference({ before, after }: { before: string; after: string }) {
  return (
    <span className="prose">
      {differenceOf(before, after).map(({ how, text }, at) =>
        // Stretches are known by their order alone.
        how === "same" ? (
          <span key={`${at} same`}>{text}</span>
        ) : how === "gone" ? (
          <del key={`${at} gone`}>{text}</del>
        ) : (
          <ins key={`${at} new`}>{text}</ins>
        ),
      )}
    </span>
  );
}
