import { YAMLException } from "js-yaml";
import type { Place, Problem } from "#core/basics/refusal.ts";
import { parseManifest } from "./manifest-yaml.ts";
import {
  at,
  fieldsOf,
  isOfCluster,
  type ClusterSnapshot,
  type Fields,
  type KubeObject,
  type NotListed,
  textOf,
} from "./object.ts";

export type ManifestText = { file: string; text: string };

type Reading = { objects: KubeObject[]; notListed: NotListed[]; problems: Problem[]; defaultNamespace: string };

const greatestDocument = 8 * 1024 * 1024;

/**
 * The objects of some files: YAML of one or many documents, JSON, lists, JSON lines, what `kubectl get -o json` and
 * `helm template` print. What cannot be read is a problem with its file, document and line; the rest is read.
 */
export function readObjects(
  texts: Iterable<ManifestText>,
  { cluster = "manifests", defaultNamespace = "default" }: { cluster?: string; defaultNamespace?: string } = {},
): ClusterSnapshot {
  const reading: Reading = { objects: [], notListed: [], problems: [], defaultNamespace };
  for (const text of texts) readText(reading, text);
  return { cluster, objects: withoutDoubles(reading), notListed: reading.notListed, problems: reading.problems };
}

function readText(reading: Reading, { file, text }: ManifestText): void {
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  const value = /^\s*[[{]/.test(plain) ? parsedJson(plain) : undefined;
  if (value !== undefined) {
    for (const part of Array.isArray(value) ? value : [value]) readValue(reading, part, { file, line: 1, document: 1 });
    return;
  }
  for (const document of documentsOf(plain, file)) readDocument(reading, document);
}

type Document = { file: string; text: string; line: number; document: number };

/** As the API server's clients cut them: by lines that begin with `---`, so that one bad document leaves the others. */
function documentsOf(text: string, file: string): Document[] {
  const documents: Document[] = [];
  let lines: string[] = [];
  let first = 1;
  const all = text.split("\n");
  const close = (next: number) => {
    const body = lines.join("\n");
    if (/^[^\s#]|^[ \t]+[^\s#]/m.test(body))
      documents.push({ file, text: body, line: first, document: documents.length + 1 });
    lines = [];
    first = next;
  };
  all.forEach((line, index) => {
    // JSON lines: each is an object of its own.
    if (line.startsWith("---") || line.trimEnd() === "...") close(index + 2);
    else lines.push(line);
  });
  close(0);
  return documents;
}

function readDocument(reading: Reading, document: Document): void {
  const { file, text, line } = document;
  const refuse = (message: string, more = 0) =>
    reading.problems.push({
      message: `Cannot read document ${document.document} of "${file}": ${message}`,
      place: { file, line: line + more, field: `document ${document.document}` },
    });
  if (text.length > greatestDocument) {
    refuse("it is larger than 8 MB");
    return;
  }
  const jsonLines = jsonLinesOf(text);
  if (jsonLines) {
    jsonLines.forEach((value, index) =>
      readValue(reading, value, { file, line: line + index, document: document.document }),
    );
    return;
  }
  try {
    const value = parseManifest(text);
    if (value !== null && value !== undefined) readValue(reading, value, document);
  } catch (problem) {
    if (!(problem instanceof YAMLException)) throw problem;
    refuse(problem.reason, (problem.mark as { line?: number } | undefined)?.line ?? 0);
  }
}

function jsonLinesOf(text: string): unknown[] | undefined {
  if (!/^\s*\{.*\}\s*\n\s*\{/.test(text)) return undefined;
  const values = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parsedJson);
  return values.includes(undefined) ? undefined : values;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (problem) {
    // YAML's flow style also begins with a brace; what is neither gets its place from the YAML reader.
    if (!(problem instanceof SyntaxError)) throw problem;
    return undefined;
  }
}

type Origin = { file: string; line: number; document: number; place?: Place };

function readValue(reading: Reading, value: unknown, origin: Origin): void {
  // One place for all objects of a list: a dump of a cluster is a single document of a hundred thousand.
  const place = (origin.place ??= { file: origin.file, line: origin.line, field: `document ${origin.document}` });
  const refuse = (message: string) =>
    reading.problems.push({
      message: `Cannot read document ${origin.document} of "${origin.file}": ${message}`,
      place,
    });
  const fields = fieldsOf(value);
  const kind = textOf(fields["kind"]);
  const apiVersion = textOf(fields["apiVersion"]);
  if (kind === "Status") {
    reading.notListed.push({
      kind: textOf(at(fields, "details", "kind")) || "unknown",
      why: textOf(fields["message"]) || "the list was refused",
    });
    return;
  }
  if (kind === "" || apiVersion === "") {
    refuse("it has no apiVersion and kind");
    return;
  }
  if (Array.isArray(fields["items"]) && kind.endsWith("List")) {
    // The items of a typed list, as the API answers it, do not say their kind.
    const inherited = kind === "List" ? undefined : { apiVersion, kind: kind.slice(0, -"List".length) };
    for (const item of fields["items"] as unknown[])
      readValue(reading, inherited ? { ...inherited, ...withoutEmptyKind(fieldsOf(item)) } : item, origin);
    return;
  }
  const name = textOf(at(fields, "metadata", "name")) || textOf(at(fields, "metadata", "generateName"));
  if (name === "") {
    refuse(`${kind} has no name`);
    return;
  }
  const namespace = textOf(at(fields, "metadata", "namespace"));
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  reading.objects.push({
    apiVersion,
    group,
    kind,
    name,
    namespace: isOfCluster(kind) ? "" : namespace || reading.defaultNamespace,
    fields,
    place,
  });
}

function withoutEmptyKind(fields: Fields): Fields {
  return fields["kind"]
    ? fields
    : Object.fromEntries(Object.entries(fields).filter(([key]) => key !== "kind" && key !== "apiVersion"));
}

/** Applied twice, the last one holds. */
function withoutDoubles({ objects }: Reading): KubeObject[] {
  const last = new Map<string, KubeObject>();
  for (const object of objects) last.set(`${object.group}/${object.kind}/${object.namespace}/${object.name}`, object);
  return last.size === objects.length ? objects : [...last.values()];
}
