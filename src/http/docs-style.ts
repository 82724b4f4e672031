/** How the documentation looks: the tokens of the browser application, by the same names. */
export const docsStyle = `
:root {
  color-scheme: light dark;
  --surface: #fbfaf7; --surface-raised: #ffffff; --surface-sunk: #f3f1ec; --line: #e2ded5;
  --text: #1d1b16; --text-quiet: #6a655a;
  --accent: #1f4e8c; --accent-surface: #e8eef7; --accent-line: #b9cae3;
  --text-s: 12px; --text-m: 14px; --text-l: 15px; --text-title: 24px;
  --space-1: 4px; --space-2: 8px; --space-3: 12px; --space-4: 16px; --space-5: 24px; --space-6: 32px; --space-7: 48px;
  --radius-s: 4px;
  --font-ui: "Inter", system-ui, sans-serif; --font-title: "Source Serif 4", Georgia, "DejaVu Serif", serif; --font-mono: ui-monospace, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --surface: #16171a; --surface-raised: #1d1f23; --surface-sunk: #111214; --line: #2c2f35;
    --text: #ece9e2; --text-quiet: #a9a69d;
    --accent: #8fb6ee; --accent-surface: #1c2a40; --accent-line: #35507a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: var(--space-4); }
body { margin: 0; display: grid; grid-template-columns: 240px minmax(0, 1fr); background: var(--surface); color: var(--text); font: var(--text-m)/1.5 var(--font-ui); }
nav { position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto; padding: var(--space-5) var(--space-4); border-right: 1px solid var(--line); background: var(--surface-sunk); font-size: var(--text-s); }
nav h2 { margin: var(--space-5) 0 var(--space-2); font: 600 var(--text-s)/1.4 var(--font-ui); color: var(--text-quiet); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li a { display: block; padding: 2px 0; }
nav .name { margin: 0; font: 600 var(--text-l)/1.4 var(--font-title); }
main { padding: var(--space-6) var(--space-7); max-width: 1100px; }
h1, h2, h3 { font-family: var(--font-title); line-height: 1.25; text-wrap: balance; }
h1 { font-size: var(--text-title); margin: 0 0 var(--space-2); }
main h2 { margin: var(--space-7) 0 var(--space-3); padding-bottom: var(--space-2); border-bottom: 1px solid var(--line); }
h3 { margin: var(--space-5) 0 var(--space-1); font-size: var(--text-l); }
p { margin: var(--space-1) 0 var(--space-2); max-width: 75ch; }
.lead, .quiet { color: var(--text-quiet); }
.quiet { font-size: var(--text-s); }
a { color: var(--accent); text-underline-offset: 2px; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: var(--radius-s); }
code { font: 0.92em/1.4 var(--font-mono); }
p code { white-space: nowrap; }
pre { padding: var(--space-3); overflow-x: auto; background: var(--surface-sunk); border: 1px solid var(--line); border-radius: var(--radius-s); }
.method { display: inline-block; min-width: 60px; padding: 0 var(--space-2); font: 600 var(--text-s)/1.6 var(--font-mono); color: var(--accent); background: var(--accent-surface); border: 1px solid var(--accent-line); border-radius: var(--radius-s); text-align: center; }
table { width: 100%; border-collapse: collapse; margin: var(--space-2) 0 var(--space-4); font-size: var(--text-s); }
th, td { padding: var(--space-1) var(--space-3) var(--space-1) 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--text-quiet); font-weight: 600; }
tr:target { background: var(--accent-surface); }
summary { cursor: pointer; color: var(--accent); padding: 2px 0; }
@media (max-width: 800px) { body { display: block; } nav { position: static; height: auto; border-right: 0; } main { padding: var(--space-4); } table { display: block; overflow-x: auto; } }
@media print { nav { display: none; } body { display: block; } details { display: block; } }
`;
