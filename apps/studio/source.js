// A document around a passage. Text is set as text; the frame scrolls, and starts at the passage.
export default function ({ data, parentElement }) {
  const view = parentElement.querySelector(".source-view");
  view.replaceChildren();
  view.lang = data.language;
  view.dir = "auto";
  view.tabIndex = 0;
  view.setAttribute("role", "region");
  view.setAttribute("aria-label", data.label);
  const mark = document.createElement("mark");
  mark.textContent = data.quote;
  view.append(document.createTextNode(data.before), mark, document.createTextNode(data.after));
  requestAnimationFrame(() => {
    view.scrollTop = mark.offsetTop - view.offsetTop - view.clientHeight / 3;
  });
}
