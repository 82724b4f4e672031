import { type Command, Option } from "commander";
import type { Sink } from "#core/access/terrain.ts";
import type { Place } from "./place.ts";

// `aims access`: what a cluster or its manifests let whom do. The work is read only when it runs, and reaches
// neither our storage nor our server.

/** How the command line ties a command to its work. */
type Tie = <Given extends Readonly<Record<string, unknown>>>(
  command: Command,
  run: (place: Place, options: Given, words: readonly string[]) => Promise<"failing" | void>,
) => void;

/** Where the cluster is read from. */
export type Reading = { file: string[]; namespace?: string };

export type Asking = Reading & { asGroup: string[]; queries?: string };

export type Finding = Reading & { from?: string; to?: Sink };

export type Narrowing = Reading & {
  auditLog: string[];
  names: "exact" | "any";
  namespaces: "exact" | "any";
  readTrio?: true;
};

export type Scanning = Reading & {
  auditLog: string[];
  failOn: "low" | "medium" | "high" | "critical";
  baseline?: string;
  exceptions?: string;
  breakGlass: string[];
  registryWriter: string[];
};

/** As the engine names them; the engine itself is not read for a help text. */
const harms = [
  "cluster-admin",
  "node",
  "other-tenant",
  "provider-keys",
  "model-weights",
  "training-data",
  "production-endpoint",
] as const satisfies readonly Sink[];

/** Adds `aims access` to the command line. */
export function access(aims: Command, on: Tie): void {
  const group = aims
    .command("access")
    .description("Who can do what in a cluster, and how it breaks the access rules")
    .configureHelp({ showGlobalOptions: true });
  on(
    reading(group.command("can"))
      .argument("[verb]")
      .argument("[resource]", "RESOURCE[.GROUP][/SUBRESOURCE], or a path such as /healthz")
      .argument("[name]")
      .description("Whether the user named by --as may do it: exit 0 for yes, 1 for no")
      .option("--as-group <group>", "Group of the user; given again, another one", gather, [])
      .option("--queries <ndjson>", "Questions, one JSON object a line; the answers come in the same form and order"),
    async (place, options: Asking, words) => (await import("./access-work.ts")).can(place, options, words),
  );
  on(
    reading(group.command("who-can"))
      .argument("<verb>")
      .argument("<resource>", "RESOURCE[.GROUP][/SUBRESOURCE], or a path such as /healthz")
      .argument("[name]")
      .description("Every subject that may do it, with the binding, role and rule"),
    async (place, options: Reading, words) => (await import("./access-work.ts")).whoCan(place, options, words),
  );
  on(
    reading(group.command("paths"))
      .description(
        "How subjects come to hold what harms: step by step, with the smallest cut; exit 1 when there is a way",
      )
      .option(
        "--from <user>",
        "From this user, such as system:serviceaccount:ml:trainer; from every AI workload unless given",
      )
      .addOption(new Option("--to <sink>", "To this harm alone").choices(harms)),
    async (place, options: Finding) => (await import("./access-work.ts")).paths(place, options),
  );
  on(
    logged(reading(group.command("minimize")))
      .description(
        "The smallest role for what the user named by --as did, with its proof: covers all use, grants nothing new",
      )
      .addOption(
        new Option("--names <how>", "Only the names that were seen, or any, where any is granted")
          .choices(["exact", "any"])
          .default("exact"),
      )
      .addOption(
        new Option("--namespaces <how>", "Only the namespaces that were seen, or any, where any is granted")
          .choices(["exact", "any"])
          .default("exact"),
      )
      .option("--read-trio", "Where one of get, list and watch was used, all three, as far as granted"),
    async (place, options: Narrowing) => (await import("./access-work.ts")).narrow(place, options),
  );
  on(
    logged(reading(group.command("scan")))
      .description(
        "Hold the access of AI workloads against RB-01 to RB-20; --output takes sarif, junit and openreports as well",
      )
      .addOption(
        new Option("--fail-on <severity>", "Exit 1 from this severity on")
          .choices(["low", "medium", "high", "critical"])
          .default("low"),
      )
      .option("--baseline <json>", "An earlier scan's JSON: what it holds does not fail")
      .option("--exceptions <yaml>", "Exceptions with rule, subject or object, owner, reason and until")
      .option(
        "--break-glass <subject>",
        'A subject whose cluster administration is meant, such as "Group break-glass"',
        gather,
        [],
      )
      .option("--registry-writer <subject>", "A subject that may write to the production registry", gather, []),
    async (place, options: Scanning) => (await import("./access-work.ts")).scan(place, options),
  );
}

function reading(command: Command): Command {
  return command
    .option(
      "-f, --file <path>",
      "Manifests or a dump: a file, a folder, or - for standard input; given again, another one",
      gather,
      [],
    )
    .option("-n, --namespace <name>", "Namespace that is asked about, and that manifests without one are in");
}

function logged(command: Command): Command {
  return command.option(
    "--audit-log <path>",
    "Audit log of the API server: a file, gzip, a folder, or -; given again, another one",
    gather,
    [],
  );
}

function gather(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
