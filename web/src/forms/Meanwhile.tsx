import { useQuery } from "@tanstack/react-query";
import type { KindDescription } from "#contract/kind.ts";
import { readHistory } from "#contract/record.ts";
import { query } from "../api.ts";
import { Changes } from "../parts/Changes.tsx";
import { minuteOf } from "../words.ts";

/** What others changed since the version that the form was opened on. */
export function Meanwhile({ kind, record, since }: { kind: KindDescription; record: string; since: number }) {
  const { data } = useQuery({ ...query(readHistory, { kind: kind.name, ref: record }), staleTime: 0 });
  const versions = data?.versions.filter(({ rev }) => rev > since) ?? [];
  return (
    <ul className="history" aria-label="What changed meanwhile">
      {versions.map((version) => (
        <li key={version.rev}>
          <span className="strong">{version.title}</span>, {version.by?.name ?? "the software"}, {minuteOf(version.at)}
          <Changes changes={version.changes} fields={kind.fields} names={data?.names ?? {}} />
        </li>
      ))}
    </ul>
  );
}
