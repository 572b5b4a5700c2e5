// Writes the table of generated clients into docs/api.md. ROWS: its lines, each perhaps short of some cells.
import { readFileSync, writeFileSync } from "node:fs";

const page = new URL("../../docs/api.md", import.meta.url);
const head = ["| generator | language | generates | compiles | runs the story |", "|---|---|---|---|---|"];
const rows = process.env.ROWS.trim().split("\n").map((row) => row + "  |".repeat(head[0].split("|").length - row.split("|").length));
const [before, after] = ["<!-- clients -->", "<!-- /clients -->"];
const text = readFileSync(page, "utf8");
const from = text.indexOf(before) + before.length, to = text.indexOf(after);
writeFileSync(page, `${text.slice(0, from)}\n${[...head, ...rows].join("\n")}\n${text.slice(to)}`);
