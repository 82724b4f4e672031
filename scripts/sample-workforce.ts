// Writes examples/fjordmark/03-workforce.yaml: the people of the sample organisation who work in the
// AIMS scope besides those whom 02-person.yaml names. The same on every run: node scripts/sample-workforce.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { addDays, type Day } from "#core/basics/time.ts";

const given =
  "Ada Aino Alba Alma Amir Ana Anders Anika Anton Arne Aron Asta Ayla Bela Bente Bilal Birk Brita Cara Cem Clara Dalia Dario Dilan Ebba Edda Edin Eira Elin Elsa Emil Emma Erik Esra Eva Fadi Femke Filip Finn Flora Freya Gaia Gerda Greta Hanne Hedda Henk Hugo Ida Idris Ilse Imran Ines Ingo Iris Ivar Jakob Jana Jasna Joris Jonna Juri Kaia Karim Karin Katja Klara Kofi Lana Lasse Lea Leif Lena Levi Lidia Linn Luca Luka Maja Malik Mara Marit Mateo Mia Mila Milan Mina Mira Nele Nico Nils Nina Noor Nora Olga Olav Omar Orla Oskar Otto Pavel Per Petar Pia Rana Rasmus Rik Rina Romy Ronja Rosa Runa Sami Sanna Sara Selma Sepp Signe Silke Siri Sven Tara Tariq Tea Thea Tilda Tim Tobin Tove Ulla Una Vera Viggo Vilma Wim Yara Yusuf Zara Zoe".split(
    " ",
  );
const family =
  "Aarden Abrams Aksoy Alder Almeida Anker Arendt Aziz Bakker Balint Banik Barros Becker Berger Bianchi Blom Borg Brandt Brekke Bruun Cano Carlsen Castro Ceder Claes Conti Costa Dahlke Danner Demir Dietz Dobre Drost Duarte Eklund Elster Engel Erdem Faber Falk Farkas Fink Fjell Flores Forst Frey Friis Gallo Garner Geiger Gerner Greve Grimm Haas Hagen Halder Hansen Harms Hauge Heller Henning Hoek Holt Horvat Ibsen Isaksen Ivanov Jansen Jordal Kaplan Karlsen Keller Khalil Kiss Klein Kolb Koster Kraft Krog Kunz Lange Larsen Lenz Lindt Lund Maas Madsen Maier Marek Marino Meyer Moen Molnar Moser Mutai Nagel Nassar Nemeth Nilsen Noel Norden Nyberg Obi Oliveira Olsen Orban Osei Ozan Palm Papp Parker Pauls Peeters Perez Petersen Pohl Popov Quist Rahman Ramos Rehn Reiter Ribeiro Riis Rosen Roth Ruiz Saari Salem Santos Sauer Schau Seidel Silva Simon Skov Smit Sorel Stahl Stein Storm Strand Svane Szabo Tamm Tekin Thorsen Torres Toth Tveit Ulrich Urban Vance Varga Vega Vermeer Vidal Vogel Voss Wagner Weiss Wendt Winter Wolff Yilmaz Ziegler Zoric".split(
    " ",
  );

/** Users of one AI system, or a team that builds and runs them. */
type Team = { job: string; unit: string; people: number; uses?: string };

const teams: readonly Team[] = [
  { job: "Ward physician", unit: "Clinical services", people: 288, uses: "AIS-01" },
  { job: "Surgeon", unit: "Clinical services", people: 134, uses: "AIS-01" },
  { job: "Physician in training", unit: "Clinical services", people: 218, uses: "AIS-01" },
  { job: "Radiologist", unit: "Radiology", people: 19, uses: "AIS-02" },
  { job: "Radiology registrar", unit: "Radiology", people: 11, uses: "AIS-02" },
  { job: "Emergency nurse, NGH", unit: "Emergency medicine", people: 111, uses: "AIS-03" },
  { job: "Emergency nurse, SAH", unit: "Emergency medicine", people: 53, uses: "AIS-03" },
  { job: "Bed manager", unit: "Operations", people: 22, uses: "AIS-04" },
  { job: "Team lead", unit: "Operations", people: 104, uses: "AIS-05" },
  { job: "Ward sister", unit: "Clinical services", people: 86, uses: "AIS-05" },
  { job: "Service desk agent", unit: "IT and platform", people: 9, uses: "AIS-06" },
  { job: "Clinical coder", unit: "Clinical documentation", people: 31 },
  { job: "Platform engineer", unit: "IT and platform", people: 14 },
  { job: "Data analyst", unit: "Data and AI", people: 16 },
  { job: "Medical physicist", unit: "Radiology", people: 6 },
  { job: "Interpreter coordinator", unit: "Patient safety", people: 8 },
  { job: "People adviser", unit: "People", people: 14 },
  { job: "Buyer", unit: "Procurement", people: 6 },
  { job: "Privacy officer", unit: "Legal and data protection", people: 4 },
  { job: "Quality officer", unit: "Patient safety", people: 2 },
];

const contractors = 94;
const newcomers = 37;
const onLeave = 8;

/** A fixed sequence of numbers that look unordered (Numerical Recipes' linear congruential generator). */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The file's text. */
export function workforce(): string {
  const next = sequence(42_001);
  const names = new Set<string>();
  const nextName = (): string => {
    for (;;) {
      const name = `${given[next(given.length)]} ${family[next(family.length)]}`;
      if (names.has(name)) continue;
      names.add(name);
      return name;
    }
  };
  const staff = teams.flatMap((team) => Array.from({ length: team.people }, () => team));
  /** Positions chosen evenly over the staff, so that each kind falls into many teams. */
  const spread = (count: number, offset: number) =>
    new Set(
      Array.from({ length: count }, (_, index) => (Math.floor((index * staff.length) / count) + offset) % staff.length),
    );
  const asContractor = spread(contractors, 5);
  const asNewcomer = spread(newcomers, 9);
  const asAbsent = spread(onLeave, 61);
  const lines = ["# Written by scripts/sample-workforce.ts. Do not edit.", "kind: person", "records:"];
  for (const [position, team] of staff.entries()) {
    const isNew = asNewcomer.has(position);
    // Newcomers start on Mondays from December 2025 to October 2026.
    const start = isNew
      ? addDays("2025-12-01" as Day, Math.floor(next(330) / 7) * 7)
      : addDays("2008-01-07" as Day, next(900) * 7);
    const fields = [
      `full_name: ${nextName()}`,
      `job: "${team.job}"`,
      `org_unit: ${team.unit}`,
      `employment: ${asContractor.has(position) ? "contractor" : "employee"}`,
      `active_from: ${start}`,
      "in_scope: true",
      ...(team.uses === undefined ? [] : [`labels: ["uses ${team.uses}"]`]),
    ];
    const told = isNew ? addDays(start, -3) : "2025-10-13";
    const by = isNew ? "P10" : "system";
    lines.push(`  - ref: P${1001 + position}`, "    history:");
    lines.push(`      - { deed: invite, on: ${told}, by: ${by}, fields: { ${fields.join(", ")} } }`);
    lines.push(`      - { deed: activate, on: ${isNew ? start : told}, by: ${by} }`);
    if (asAbsent.has(position))
      lines.push(`      - { deed: suspend, on: ${addDays("2025-11-03" as Day, next(10) * 7)}, by: P10 } # long leave`);
  }
  return `${lines.join("\n")}\n`;
}

export const file = join(import.meta.dirname, "..", "examples", "fjordmark", "03-workforce.yaml");

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, workforce());
