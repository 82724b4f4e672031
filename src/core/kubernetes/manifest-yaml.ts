import { defineScalarTag, load, mapTag, mergeTag, NOT_RESOLVED, Schema, seqTag, strTag } from "js-yaml";

// The API server's clients read YAML by rules between 1.1 and 1.2: `yes` is true and `0644` is 420, yet `1:30` and
// a date stay text, and `0o14` and `1e3` are numbers. A role for the resource `yes` is no role, so it matters.

const words = new Map<string, boolean | null>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
]);

const bool = defineScalarTag<boolean>("tag:yaml.org,2002:bool", {
  implicit: true,
  implicitFirstChars: [..."yYnNtTfFoO"],
  resolve: (source) => {
    const value = words.get(source);
    return typeof value === "boolean" ? value : NOT_RESOLVED;
  },
  identify: (value) => typeof value === "boolean",
});

const empty = defineScalarTag<null>("tag:yaml.org,2002:null", {
  implicit: true,
  implicitFirstChars: ["", "~", "n", "N"],
  resolve: (source) => (words.get(source) === null ? null : NOT_RESOLVED),
  identify: (value) => value === null,
});

const int = defineScalarTag<number>("tag:yaml.org,2002:int", {
  implicit: true,
  implicitFirstChars: [..."+-0123456789"],
  resolve: (source) => wholeNumber(source) ?? NOT_RESOLVED,
  identify: Number.isInteger,
});

const float = defineScalarTag<number>("tag:yaml.org,2002:float", {
  implicit: true,
  implicitFirstChars: [..."+-.0123456789"],
  resolve: (source) => {
    const plain = source.replaceAll("_", "");
    return /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(plain) ? Number(plain) : NOT_RESOLVED;
  },
  identify: (value) => typeof value === "number",
});

const schema = new Schema([strTag, seqTag, mapTag, mergeTag, bool, empty, int, float]);

const deepest = 100;

/** The value of one YAML document as the API server's clients read it. Throws js-yaml's exception with its place. */
export function parseManifest(text: string): unknown {
  return load(text, { schema, maxDepth: deepest, maxAliases: 100, maxTotalMergeKeys: 10_000 });
}

function wholeNumber(source: string): number | undefined {
  const [, sign, digits = ""] = /^([-+]?)(.+)$/.exec(source.replaceAll("_", "")) ?? [];
  const number = /^0[xX][\da-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$|^(?:0|[1-9]\d*)$/.test(digits)
    ? Number(digits)
    : /^0[0-7]+$/.test(digits)
      ? Number.parseInt(digits, 8)
      : undefined;
  return number === undefined ? undefined : sign === "-" ? -number : number;
}
