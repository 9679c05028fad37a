/* A figure that is pressed shows its card; the arrows go from cell to cell. Without this script its link leads to its page. */
"use strict";

const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const card = document.getElementById("card");

/** Show what is known of a figure beside it; where that fails, go to its page. */
async function show(link) {
  const address = new URL(link.href);
  address.searchParams.set("part", "card");
  const answer = await fetch(address).catch(() => null);
  const text = answer && answer.ok ? await answer.text() : "";
  const told = new DOMParser().parseFromString(text, "text/html").querySelector(".told");
  if (!told) {
    location.assign(link.href);
    return;
  }
  card.querySelector(".within").replaceChildren(told);
  if (card.matches(":popover-open")) card.hidePopover();
  card.showPopover({ source: link });
}

/** The nearest figure of the same table in a direction. */
function beside(link, side) {
  const middle = (each) => {
    const box = each.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const [x, y] = middle(link);
  const along = side === "left" || side === "right" ? 0 : 1;
  const sign = side === "left" || side === "up" ? -1 : 1;
  let best = null;
  for (const each of link.closest("table").querySelectorAll(".fig > a")) {
    const away = [middle(each)[0] - x, middle(each)[1] - y];
    const far = away[along] * sign;
    // What stands aside counts more than what is far: a row or a column is kept to.
    const cost = far + 8 * Math.abs(away[1 - along]);
    if (far > 4 && far > Math.abs(away[1 - along]) / 2 && (!best || cost < best.cost)) best = { each, cost };
  }
  return best && best.each;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".fig > a");
  if (!card || !link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link);
});

document.addEventListener("keydown", (event) => {
  const side = ARROWS[event.key];
  if (!side || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = document.activeElement && document.activeElement.closest(".fig > a");
  if (link && link.closest("table")) {
    const next = beside(link, side);
    event.preventDefault();
    if (next) next.focus();
    if (next && card.matches(":popover-open")) show(next);
    return;
  }
  const neighbour = document.querySelector(`.beside [data-side="${side}"]`);
  if (neighbour && ["left", "right"].includes(side) && document.activeElement === document.body) neighbour.click();
});
