// Things around one thing, drawn; each is a button. Text is set as text.
const SVG = "http://www.w3.org/2000/svg";

function make(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const view = parentElement.querySelector(".neighbours-view");
  view.replaceChildren();
  view.tabIndex = 0; // it scrolls sideways on a narrow screen
  view.setAttribute("role", "group");
  view.setAttribute("aria-label", data.label);
  const svg = make("svg", { viewBox: `0 0 1000 ${data.height}` });
  for (const edge of data.edges) {
    const [from, to] = [data.nodes[edge.from], data.nodes[edge.to]];
    svg.append(make("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: edge.is_fact ? "fact" : "beside" }));
  }
  for (const edge of data.edges) {
    const [from, to] = [data.nodes[edge.from], data.nodes[edge.to]];
    const attributes = { x: from.x + (to.x - from.x) * 0.52, y: from.y + (to.y - from.y) * 0.52 + 4, class: "says" };
    svg.append(make("text", attributes, edge.text));
  }
  for (const node of data.nodes) {
    const group = make("g", { class: `thing ${node.is_centre ? "centre" : ""}`, "data-kind": node.kind });
    const width = node.width;
    group.append(make("rect", { x: node.x - width / 2, y: node.y - 20, width, height: 40, rx: 20 }));
    group.append(make("text", { x: node.x, y: node.y + 6 }, node.name));
    if (!node.is_centre) {
      const choose = () => setTriggerValue("chosen", node.id);
      group.setAttribute("role", "button");
      group.setAttribute("tabindex", "0");
      group.setAttribute("aria-label", node.label);
      group.onclick = choose;
      group.onkeydown = (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          choose();
        }
      };
    }
    svg.append(group);
  }
  view.append(svg);
  view.scrollLeft = (view.scrollWidth - view.clientWidth) / 2; // on a narrow screen the thing itself is seen first
}
