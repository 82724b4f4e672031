import { backup, moveTo, restore, type BackupSummary } from "#app/backup.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { folderOf, openThere, type Place } from "./place.ts";
import { print, printJson, say, startProgress } from "./print.ts";

/** Writes everything into one file. @throws {Refusal} `conflict` when there is such a file */
export async function backUp(place: Place, file: string, withKeys: boolean): Promise<void> {
  const world = await openThere(place);
  try {
    const summary = await following((progress) => backup(world, file, { withKeys, progress }));
    if (place.json) return printJson({ file, ...summary });
    print(`Wrote ${amounts(summary)} to ${file}`);
    say(
      withKeys
        ? "The ledger's private keys are in it: keep it as you keep them"
        : "The ledger's private keys are not in it: restored without them, the ledger goes on with a new key; --with-keys takes them along",
    );
  } finally {
    await world.close();
  }
}

/** Restores a backup. It counts as done once every ledger was verified. @throws {Refusal} as `restore` */
export async function restoreFrom(place: Place, file: string): Promise<void> {
  if (place.server !== undefined)
    throw new Refusal("malformed", "Cannot restore into a running server: name a new folder by --data");
  const summary = await following((progress) =>
    restore(
      file,
      {
        data: folderOf(place),
        ...(place.database === undefined ? {} : { url: place.database }),
        ...(place.database === undefined || place.owner === undefined ? {} : { ownerUrl: place.owner }),
      },
      { progress },
    ),
  );
  if (place.json) return printJson({ file, ...summary });
  print(`Restored and verified ${amounts(summary)} from ${file}`);
}

/** Moves everything into an empty PostgreSQL. @throws {Refusal} as `moveTo` */
export async function move(place: Place, url: string): Promise<void> {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new Refusal(
      "malformed",
      `Cannot move to "${url}": an address of PostgreSQL is written postgres://name:password@host/database`,
    );
  const data = folderOf(place);
  // What is moved is what the folder holds, whatever the environment names.
  const world = await openThere({ ...place, database: undefined });
  try {
    const summary = await following((progress) =>
      moveTo(world, { data, url, ...(place.owner === undefined ? {} : { ownerUrl: place.owner }) }, { progress }),
    );
    if (place.json) return printJson({ to: new URL(url).host, ...summary });
    print(`Moved and verified ${amounts(summary)}`);
    say(`aims serve --data ${data} --database ${withoutPassword(url)} serves it; the folder keeps the ledger's keys`);
  } finally {
    await world.close();
  }
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== "") shown.password = "...";
  return shown.href;
}

async function following<T>(work: (progress: (says: string) => void) => Promise<T>): Promise<T> {
  const progress = startProgress();
  try {
    return await work((says) => progress.at(says));
  } finally {
    progress.end();
  }
}

function amounts({ organizations, entries, rows }: BackupSummary): string {
  return `${organizations} ${organizations === 1 ? "organisation" : "organisations"}, ${entries} ledger entries, ${rows} rows`;
}
