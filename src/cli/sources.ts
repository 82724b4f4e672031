import { type Command, Option } from "commander";
import type { Place } from "./place.ts";

// `aims sources`: whence images, models and data come, held against a policy. The work is read only when it runs,
// and reaches neither our storage nor our server.

/** How the command line ties a command to its work. */
type Tie = <Given extends Readonly<Record<string, unknown>>>(
  command: Command,
  run: (place: Place, options: Given, words: readonly string[]) => Promise<"failing" | void>,
) => void;

/** How registries are reached, and whom to believe about keyless signatures. */
export type Reaching = { plainHttp: string[]; ca?: string; trustedRoot?: string };

export type Parsing = { kind: "image" | "model" | "data" };

export type Scanning = Reaching & {
  file: string[];
  namespace?: string;
  policy: string;
  verify?: true;
  failOn: "low" | "medium" | "high" | "critical";
};

export type Compiling = { policy: string; target: "vap" | "kyverno" };

export type Verifying = Reaching & { policy: string };

/** Adds `aims sources` to the command line. */
export function sources(aims: Command, on: Tie): void {
  const group = aims
    .command("sources")
    .description("Whence images, models and data come, and how that breaks the source policy")
    .configureHelp({ showGlobalOptions: true });
  on(
    group
      .command("parse")
      .argument("[reference...]")
      .description("Take references apart: one JSON object a line; exit 1 when one is none")
      .addOption(
        new Option("--kind <kind>", "What a name without a scheme is")
          .choices(["image", "model", "data"])
          .default("image"),
      ),
    async (_, options: Parsing, words) => (await import("./sources-work.ts")).parse(options, words),
  );
  on(
    reaching(
      group
        .command("scan")
        .description(
          "Hold what workloads run and load against IM-01 to IM-13; --output takes sarif, junit and openreports as well",
        )
        .option(
          "-f, --file <path>",
          "Manifests or a dump: a file, a folder, or - for standard input; given again, another one",
          gather,
          [],
        )
        .option("-n, --namespace <name>", "Namespace that manifests without one are in")
        .requiredOption("--policy <yaml>", "The source policy")
        .option("--verify", "Ask the registries who signed what")
        .addOption(
          new Option("--fail-on <severity>", "Exit 1 from this severity on")
            .choices(["low", "medium", "high", "critical"])
            .default("low"),
        ),
    ),
    async (place, options: Scanning) => (await import("./sources-work.ts")).scan(place, options),
  );
  on(
    reaching(
      group
        .command("verify")
        .argument("<reference>")
        .description("Say step by step what is proven about an image, and by whom; exit 1 when the policy is broken")
        .requiredOption("--policy <yaml>", "The source policy"),
    ),
    async (place, options: Verifying, [reference = ""]) =>
      (await import("./sources-work.ts")).verify(place, options, reference),
  );
  on(
    group
      .command("compile")
      .description(
        "Print the policy as what keeps out at admission what breaks it; to be compiled again on the day that it names",
      )
      .requiredOption("--policy <yaml>", "The source policy")
      .addOption(
        new Option("--target <engine>", "ValidatingAdmissionPolicy, or Kyverno, which verifies signatures as well")
          .choices(["vap", "kyverno"])
          .makeOptionMandatory(),
      ),
    async (place, options: Compiling) => (await import("./sources-work.ts")).compile(place, options),
  );
}

function reaching(command: Command): Command {
  return command
    .option("--plain-http <registry>", "A registry that is spoken to without TLS; given again, another one", gather, [])
    .option("--ca <pem>", "Certificates of who else vouches for the names of registries")
    .option(
      "--trusted-root <json>",
      "Whom to believe about keyless signatures, instead of the public certificate authority and log",
    );
}

function gather(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
