// An answer: text, and a button for each citation. Text is set as text, so that no markup of a document can act.
export default function ({ data, parentElement, setTriggerValue }) {
  const view = parentElement.querySelector(".answer-view");
  view.replaceChildren();
  view.lang = data.language;
  view.dir = "auto";
  for (const piece of data.pieces) {
    if (piece.citation === undefined) {
      view.append(document.createTextNode(piece.text));
      continue;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cite";
    button.textContent = String(piece.citation);
    button.title = piece.label;
    button.setAttribute("aria-label", piece.label);
    button.onclick = () => setTriggerValue("cited", piece.citation);
    view.append(button);
  }
}
