// Reads each file; ends with 1 if any cannot be read without a warning.
import { readFileSync } from "node:fs";
import { BpmnModdle } from "bpmn-moddle";

for (const file of process.argv.slice(2)) {
  try {
    const { warnings } = await new BpmnModdle().fromXML(readFileSync(file, "utf8"));
    warnings.forEach((each) => console.log(`${file}: ${each.message}`));
    process.exitCode ||= warnings.length ? 1 : 0;
  } catch (error) {
    console.log(`${file}: ${error.message}`);
    process.exitCode = 1;
  }
}
