// Reads {pattern, text} from standard input, writes what the pattern finds in each line, as a problem matcher does.
let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (piece) => (input += piece));
process.stdin.on("end", () => {
  const { pattern, text } = JSON.parse(input);
  const regexp = new RegExp(pattern.regexp);
  const found = text.split("\n").map((line) => regexp.exec(line)).filter(Boolean);
  const named = ["file", "line", "column", "severity", "message", "code"].map((name) => pattern[name]);
  process.stdout.write(JSON.stringify(found.map((match) => named.map((group) => match[group] ?? null))));
});
