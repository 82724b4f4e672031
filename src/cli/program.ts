import { Command, InvalidArgumentError, Option } from "commander";
import { Refusal } from "#core/basics/refusal.ts";
import { access } from "./access.ts";
import type { Place } from "./place.ts";
import { sources } from "./sources.ts";
import { versionOf } from "./version.ts";

// What `aims` understands. Each command's work is in a file of its own that is read only when it runs:
// whoever asks for help need not wait for a database engine.

/** The forms of pipelines and clusters are for results of a scan alone. */
const forms = ["table", "json", "sarif", "junit", "openreports"] as const;

/** Whether a command found something failing, which is neither a refusal nor a fault. */
export const outcome = { failing: false };

type Options = Readonly<Record<string, unknown>>;
type Run<Given extends Options> = (place: Place, options: Given, words: readonly string[]) => Promise<"failing" | void>;

/** The command line as a tree of commands. */
export function program(): Command {
  const aims = new Command("aims")
    .description("Runs an AI management system after ISO/IEC 42001: records, checks, and a ledger that proves them")
    .version(versionOf(), "-V, --version", "Print the version")
    .helpOption("-h, --help", "Show help")
    .helpCommand("help [command]", "Show help of a command")
    .option("--data <dir>", "Data folder to work on directly (default: ./data)")
    .option("--database <url>", "PostgreSQL instead of the folder's own database; DATABASE_URL too")
    .option("--owner <url>", "The same PostgreSQL as its owner, who migrates; AIMS_OWNER_URL too")
    .option("--server <url>", "Ask this running server instead of a folder")
    .option("--token <token>", "API token for the server; AIMS_TOKEN too")
    .option("--as <person>", "Act as this person; their password is asked, or read from AIMS_PASSWORD")
    .option("--organization <name>", "Which organisation, when there are several")
    .addOption(
      new Option("--output <form>", "Form of what is printed: table or json; access scan has more")
        .choices(forms)
        .default("table"),
    )
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(aims --help shows what there is)")
    .exitOverride();
  setUp(aims);
  lookUp(aims);
  act(aims);
  ledger(aims);
  keep(aims);
  access(aims, on);
  sources(aims, on);
  return aims;
}

function setUp(aims: Command): void {
  on(
    aims
      .command("init")
      .description("Create a data folder: empty, with a first administrator, or with the sample organisation")
      .option("--sample", "Load the sample organisation, whose clock is simulated")
      .option("--name <name>", "Name of the organisation")
      .option("--administrator <name>", "Full name of its first person, who appoints the others")
      .option("--email <address>", "E-mail of the administrator"),
    async (place, options: Founding) => (await import("./init.ts")).init(place, options),
  );
  on(
    aims
      .command("serve")
      .description("Serve the browser application and the API, and do what falls due")
      .option("--port <number>", "Port to listen at; 0 takes a free one", asPort, 4200)
      .option("--host <address>", "Address to listen at", "127.0.0.1")
      .option("--origin <url>", "Address by which people reach it, such as https://aims.example.com")
      .option("--trust-proxy", "Believe the proxy that stands before it about address and protocol")
      .option("--sample", "On first start, load the sample organisation")
      .option("--name <name>", "On first start, name of the organisation")
      .option("--administrator <name>", "On first start, full name of its first person")
      .option("--email <address>", "On first start, e-mail of the administrator")
      .addOption(
        new Option("--log <level>", "What to log on standard error")
          .choices(["error", "warn", "info", "debug"])
          .default("warn"),
      ),
    async (place, options: Founding & Serving) => (await import("./serve.ts")).serve(place, options),
  );
}

function lookUp(aims: Command): void {
  on(
    aims
      .command("kinds")
      .argument("[kind]")
      .description("Show the kinds of record, or one with its fields, states and deeds"),
    async (place, _, [kind]) => (await import("./kinds.ts")).showKinds(place, kind),
  );
  on(
    aims
      .command("status")
      .description("Show each clause, control and mission item: verdict, checks, contradictions, proof")
      .option("--node <id>", "One of them alone")
      .option("--as-at <day>", "As it stood at the end of that day"),
    async (place, options: { node?: string; asAt?: string }) =>
      (await import("./status.ts")).showStatus(place, options),
  );
  on(
    aims
      .command("list")
      .argument("<kind>")
      .description("List records of a kind")
      .option("--state <state...>", "Only in one of these states")
      .option("--of <person>", "Only those of this owner")
      .option("--system <ref>", "Only those about this AI system")
      .option("--text <words>", "Only those that hold all of these words")
      .option("--overdue", "Only those whose review is overdue")
      .addOption(
        new Option("--sort <field>", "Order of the lines").choices(["ref", "title", "recorded_at", "next_review_on"]),
      )
      .option("--descending", "Last first")
      .option("--limit <number>", "At most so many", asCount)
      .option("--as-at <day>", "As it stood at the end of that day"),
    async (place, options: Listing, [kind = ""]) => (await import("./records.ts")).list(place, kind, options),
  );
  on(
    aims
      .command("show")
      .argument("<ref>")
      .description("Show a record, its links, and what may be done with it")
      .option("--history", "Every version with what it changed")
      .option("--as-at <day>", "As it stood at the end of that day"),
    async (place, options: { history?: true; asAt?: string }, [ref = ""]) =>
      (await import("./records.ts")).show(place, ref, options),
  );
}

function act(aims: Command): void {
  on(
    aims
      .command("do")
      .argument("<ref-or-kind>", "the record, or the kind of a new one")
      .argument("<deed>")
      .description("Do a deed on a record, or create one by a deed of its kind")
      .option("--set <field=value>", "Set a field; given again, another one. field= takes the value away", gather, [])
      .option("--file <yaml>", "Fields from a YAML file")
      .option("--ref <ref>", "Reference of the new record; the next free one unless given")
      .option("--comment <text>", "Comment that goes with an approval"),
    async (place, options: Doing, [about = "", deed = ""]) =>
      (await import("./do.ts")).act(place, { about, deed }, options),
  );
  on(
    aims
      .command("apply")
      .argument("<dir>")
      .description("Bring in the records that the folder's YAML files tell; all of them or none"),
    async (place, _, [folder = ""]) => (await import("./transfer.ts")).apply(place, folder),
  );
  on(
    aims
      .command("export")
      .argument("<dir>")
      .description("Write every record with its history as YAML files into a new folder"),
    async (place, _, [folder = ""]) => (await import("./transfer.ts")).exportTo(place, folder),
  );
  on(
    aims
      .command("check")
      .description("Ask the checks again; exit 1 when one of severity high fails")
      .option("--from-scratch", "Compute all from the records alone and hold the kept results against it"),
    async (place, options: { fromScratch?: true }) =>
      (await import("./check.ts")).check(place, options.fromScratch === true),
  );
  on(
    aims
      .command("clock")
      .description("Let days pass in a sample organisation")
      .requiredOption("--to <day>", "The day that it becomes"),
    async (place, options: { to: string }) => (await import("./clock.ts")).letDaysPass(place, options.to),
  );
}

function ledger(aims: Command): void {
  const group = aims
    .command("ledger")
    .description("Export, verify and prove the ledger")
    .configureHelp({ showGlobalOptions: true });
  on(
    group
      .command("export")
      .argument("<dir>")
      .description("Write checkpoint, tiles, entries and key in the layout of c2sp.org/tlog-tiles"),
    async (place, _, [folder = ""]) => (await import("./ledger.ts")).exportTo(place, folder),
  );
  on(
    group
      .command("verify")
      .argument("[dir]")
      .description(
        "Verify an exported ledger without any server, or with --live the one in the database against its records",
      )
      .option("--vkey <key>", "Key that the log is known by; given again, another one", gather, [])
      .option("--live", "Verify the ledger in the database"),
    async (place, options: { vkey: string[]; live?: true }, [folder]) =>
      options.live === true
        ? (await import("./ledger.ts")).verifyLive(place, folder)
        : (await import("./offline.ts")).verify(place, folder, options.vkey),
  );
  on(
    group
      .command("prove")
      .argument("<ref>")
      .description("Print the proof that a record's version stands in the ledger, as a c2sp.org/tlog-proof file")
      .option("--rev <number>", "Which version; the newest unless given", asCount),
    async (place, options: { rev?: number }, [ref = ""]) =>
      (await import("./ledger.ts")).prove(place, ref, options.rev),
  );
  on(
    group
      .command("open")
      .argument("<file>")
      .description("Open a proof file without any server, and show the entry that it proves")
      .requiredOption("--vkey <key>", "Key that the log is known by"),
    async (place, options: { vkey: string }, [file = ""]) =>
      (await import("./offline.ts")).open(place, file, options.vkey),
  );
}

function keep(aims: Command): void {
  on(
    aims
      .command("backup")
      .argument("<file>")
      .description("Write everything into one file")
      .option("--with-keys", "The ledger's private keys too"),
    async (place, options: { withKeys?: true }, [file = ""]) =>
      (await import("./keep.ts")).backUp(place, file, options.withKeys === true),
  );
  on(
    aims
      .command("restore")
      .argument("<file>")
      .description("Restore a backup into a new data folder or an empty PostgreSQL, and verify it"),
    async (place, _, [file = ""]) => (await import("./keep.ts")).restoreFrom(place, file),
  );
  on(
    aims
      .command("move")
      .description("Move everything from the data folder into an empty PostgreSQL, and verify it there")
      .requiredOption("--to <url>", "Address of the PostgreSQL, as the role that serves or as the owner"),
    async (place, options: { to: string }) => (await import("./keep.ts")).move(place, options.to),
  );
  const tokens = aims.command("token").description("API tokens of a person").configureHelp({ showGlobalOptions: true });
  on(
    tokens
      .command("create")
      .argument("<name>")
      .description("Create a token; it is shown this once")
      .option("--expires <day>", "Last day on which it works; a year from now unless given"),
    async (place, options: { expires?: string }, [name = ""]) =>
      (await import("./account.ts")).createToken(place, name, options.expires),
  );
  on(tokens.command("list").description("List the person's tokens that work"), async (place) =>
    (await import("./account.ts")).listTokens(place),
  );
  on(tokens.command("revoke").argument("<id>").description("Revoke a token"), async (place, _, [id = ""]) =>
    (await import("./account.ts")).revokeToken(place, id),
  );
  const accounts = aims.command("account").description("Accounts of people").configureHelp({ showGlobalOptions: true });
  on(
    accounts
      .command("invite")
      .argument("<person>")
      .description("Invite a person to choose a password; the invitation is shown this once"),
    async (place, _, [person = ""]) => (await import("./account.ts")).invite(place, person),
  );
  on(
    accounts
      .command("accept")
      .argument("<invitation>")
      .description("Accept an invitation by choosing a password, which is asked, or read from AIMS_PASSWORD"),
    async (place, _, [invitation = ""]) => (await import("./account.ts")).accept(place, invitation),
  );
}

/** What the first start of an organisation is told. */
export type Founding = { sample?: true; name?: string; administrator?: string; email?: string };

/** How to serve. */
export type Serving = { port: number; host: string; origin?: string; trustProxy?: true; log: string };

/** Which records to list, and in what order. */
export type Listing = {
  state?: string[];
  of?: string;
  system?: string;
  text?: string;
  overdue?: true;
  sort?: "ref" | "title" | "recorded_at" | "next_review_on";
  descending?: true;
  limit?: number;
  asAt?: string;
};

/** What goes with a deed. */
export type Doing = { set: string[]; file?: string; ref?: string; comment?: string };

function on<Given extends Options>(command: Command, run: Run<Given>): void {
  command.action(async () => {
    // Commander knows options as text of any kind; each command's own options are declared beside its run.
    const found = await run(placeIn(command), command.opts() as Given, command.args);
    if (found === "failing") outcome.failing = true;
  });
}

function placeIn(command: Command): Place {
  const {
    data,
    database,
    owner,
    server,
    token,
    as: person,
    organization,
    output,
  } = command.optsWithGlobals<Record<string, string | undefined>>();
  const { env } = process;
  const form = forms.find((each) => each === output) ?? "table";
  if (form !== "table" && form !== "json" && command.name() !== "scan")
    throw new Refusal("malformed", `Cannot print as ${form}: it is a form for scans; this command has table and json`);
  return {
    data,
    database: database ?? env["DATABASE_URL"],
    owner: owner ?? env["AIMS_OWNER_URL"],
    server: server ?? env["AIMS_SERVER"],
    token: token ?? env["AIMS_TOKEN"],
    person,
    organization,
    json: form === "json",
    output: form,
  };
}

function gather(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function asCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 on.");
  return Number(text);
}

function asPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("It is a whole number from 0 to 65535.");
  return Number(text);
}
