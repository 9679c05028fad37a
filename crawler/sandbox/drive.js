// Runs the page's own scripts, then does what a reader would: turns pages, opens rows, chooses. Gives what was asked.
const TURNS = /^[\s\[(（<>«»›‹|]*(?:第?\s*\d{1,3}\s*页?|下一?页|后一?页|下一頁|末页|尾页|最后一?页|next(?:\s*page)?|>{1,2}|›|»|(?:点击|加载|查看|显示|浏览)*\s*更多.{0,4}|(?:load\s*)?more)[\s\])）<>«»›‹|.]*$/i;
const MOST_PAGES = 300, MOST_CLICKS = 400, MOST_DATA = 1000000;
const CHALLENGE = /\$_ts\b|__jsl_clearance|document\.cookie\s*=[^;]*clearance/;
const LAST = /^(?:total_?pages?|page_?count|pages?|page_?total|page_?num|countpage|totalpagecount|pageall|pagenums|last)$/i;
const ALL = /^(?:count|total|total_?count|total_?num|total_?records?|record_?count|records?|items|totalrow|rowcount|sum)$/i;
const SIZE = /^(?:limit|page_?size|size|rows|per_?page|items_?per_?page|pagerows|prepage|show_?data|num|pagenum)$/i;

function grown(tree) {
  // [tag, attributes, kids] of each element, as the page's markup has them
  const places = [], stack = [[document, tree]];
  while (stack.length) {
    const [parent, spec] = stack.pop();
    if (typeof spec === "string") { join(parent, new Text(spec)); continue; }
    const one = join(parent, new Element(spec[0], spec[1]));
    placed.add(one);
    if (spec[3] !== undefined) places[spec[3]] = one;
    for (let at = spec[2].length; at--;) stack.push([one, spec[2][at]]);
  }
  return places;
}
function acted(act) {
  const from = asks.length;
  guarded(act);
  runTasks();
  const found = asks.slice(from);
  asks.length = from;
  return found;
}
function answered() {
  // Each answer that was waited for comes, as something of which nothing is known.
  for (const each of answers.splice(0).slice(0, 20)) { const before = asks.length; guarded(() => each(ghost("answer"), "success", ghost("answer"))); runTasks(); asks.length = before; }
}
function globals(code) {
  for (const [, name] of code.matchAll(/(?<![\w$.])([A-Za-z_$][\w$]*)\s*(?=[.(\[])/g)) {
    if (name in globalThis || KEYWORDS.has(name) || new RegExp("(?:function|var|let|const|class)\\s+" + name.replace(/\$/g, "\\$") + "\\b|[,;{(]\\s*" + name.replace(/\$/g, "\\$") + "\\s*=[^=]").test(code)) continue;
    Object.defineProperty(globalThis, name, { value: ghost(name), writable: true, configurable: true });
  }
  for (const one of below(document)) {
    const id = one.id || (/^(form|iframe|input)$/.test(one.own.tag) ? one.name : "");
    if (/^[A-Za-z_]\w*$/.test(id) && !(id in globalThis)) Object.defineProperty(globalThis, id, { value: one, writable: true, configurable: true });
    if (one.own.tag === "form" && /^[A-Za-z_]\w*$/.test(one.name) && !(one.name in document)) document[one.name] = one;
    const fields = one.own.tag === "form" ? below(one).filter((each) => each.name || each.id) : [];
    for (const each of fields) for (const name of [each.name, each.id]) if (name && !(name in one)) one[name] = each;
  }
}
const KEYWORDS = new Set("if for while switch catch function return typeof new in of do else var let const void delete throw case with super this await async yield instanceof arguments eval undefined NaN Infinity".split(" "));
const loosened = (code) => code.replace(/^\s*<!--.*$/gm, "").replace(/^\s*\/*\s*-->\s*$/gm, "").replace(/^(\s*)(?:let|const)\s/gm, "$1var ").replace(/^class\s+(\w+)/gm, "var $1 = class $1");

// What a script that writes has called its values, one row a script: var url = "…"; var title = "…"; document.writeln(…)
const records = [];
function recorded(code) {
  const names = [...code.matchAll(/\bvar\s+([A-Za-z_$][\w$]*)\s*=/g)].map(([, name]) => name).filter((name) => typeof globalThis[name] === "string");
  if (names.length > 1 && records.length < MOST_CLICKS) records.push(Object.fromEntries(names.map((name) => [name, globalThis[name]])));
}
function loaded() {
  const whole = input.scripts.join("\n") + "\n" + input.handlers.join("\n");
  globals(whole);
  Object.defineProperty(globalThis, "theForm", { value: document.forms[0], writable: true, configurable: true });
  if (!("__doPostBack" in globalThis)) globalThis.__doPostBack = function (target, argument) {
    const form = below(document).find((one) => one.own.tag === "form" && one.__EVENTTARGET);
    if (form) { form.__EVENTTARGET.value = target; form.__EVENTARGUMENT.value = argument; form.submit(); }
  };
  for (const code of input.scripts) {
    if (CHALLENGE.test(code)) continue;
    const before = writes.length;
    ran(loosened(code));
    if (writes.length > before) recorded(code);
    runTasks();
  }
  entering = false;
  for (const name of ["ready", "DOMContentLoaded", "load"]) {
    for (const { heard } of heardByAll[name] || []) guarded(() => heard.call(name === "ready" ? document : globalThis, name === "ready" ? query : eventOf(name, document)));
    for (const { heard } of document.own.heard[name] || []) guarded(() => heard.call(document, eventOf(name, document)));
    runTasks();
  }
  if (typeof globalThis.onload === "function") guarded(() => globalThis.onload(eventOf("load", document)));
  for (const one of document.getElementsByTagName("script")) if (/[?&]\w*(?:callback|jsonp|cb)\w*=/i.test(one.own.attributes.src || "")) asked("GET", one.own.attributes.src);
  const said = document.body.own.attributes.onload;
  if (said) guarded(() => new Function("event", said).call(document.body, eventOf("load", document)));
}
// A pager that was given a function: what that asks for, page by page.
const HOLDS = ["curr", "current", "currentPage", "page", "pageNum", "pageNo", "pageIndex", "pageNumber", "index", "num", "p", "value"];
const holder = (number) => Object.assign(new Number(number), Object.fromEntries(HOLDS.map((name) => [name, number])));
const isClean = (asked) => asked.length > 0 && !asked.some(([, url, , body]) => /\ufffc|undefined|NaN|\[object|function ?\(/.test(url + body));
// The ways in which a pager tells its function the number: as it is, in an object, behind an event.
const GIVEN = [(number) => [number], (number) => [holder(number), false], (number) => [eventOf("page", document.body), number]];
const RARE = 77;
function told(act, given) {
  const found = acted(() => {
    const said = act(...given);
    if (typeof said === "string" && /[/?.]/.test(said) && !/[<\s]/.test(said)) ask("go", said);
  });
  answers.length = 0;
  return isClean(found) ? found : [];
}
function wayOf(act) {
  const isSaid = (found) => found.some(([, url, , body]) => /(?<!\d)7[678](?!\d)/.test(url + body));
  return GIVEN.find((given) => isSaid(told(act, given(RARE))));
}
function at(act, number, way) {
  for (const given of way ? [way] : GIVEN) {
    const found = told(act, given(number));
    if (found.length) return found;
  }
  return [];
}
// A plug-in that is given an address asks it itself, by the names that it is given for the number of the page.
const SOURCE = /url|source|api|ajax|remote|action/i, NUMBERED = /^(?:page_?(?:number|no|num|index|name|param|key)?|cur(?:rent)?_?page|page_?number_?(?:name|key)|page_?param_?name)$/i;
const SIZED = /^(?:page_?size|limit|size|rows|per_?page)(?:_?name)?$/i;
function flattened(options) {
  return (guarded(() => Object.entries(options)) || []).flatMap(([name, value]) =>
    value && typeof value === "object" && !Array.isArray(value) && !value.own && Object.getPrototypeOf(value) === Object.prototype ? flattened(value) : [[name, value]]);
}
function sourced(options, last) {
  const all = flattened(options), paged = all.some(([name]) => /page|limit|rows/i.test(name));
  const source = all.find(([name, value]) => SOURCE.test(name) && typeof value === "string" && /^(?:https?:\/)?\.{0,2}\/?[\w./-]+(?:\?\S*)?$/.test(value) && /[/.?]/.test(value));
  if (!source || !paged) return [];
  const named = (names) => (all.find(([name, value]) => names.test(name) && typeof value === "string" && /^[A-Za-z_]\w*$/.test(value)) || [])[1];
  const size = all.find(([name, value]) => SIZED.test(name) && /^\d{1,4}$/.test(String(value)));
  const values = size ? { [named(SIZED) || size[0]]: size[1] } : {};
  const method = String((all.find(([name]) => /^(?:method|type)$/i.test(name)) || [])[1] || "GET").toUpperCase();
  return [...Array(Math.min(last || 3, MOST_PAGES) + 1).keys()].map((number) => {
    const query = encodedOf({ [named(NUMBERED) || "page"]: number, ...values });
    return [method === "POST" ? ["data", source[1], "POST", query] : ["data", withQuery(source[1], query), "GET", ""]];
  });
}
function pagers() {
  const found = [], seen = new Set();
  for (const [path, given] of calls.slice()) {
    const options = given.filter((one) => one && typeof one === "object" && !one.own && !(one instanceof Wrapped));
    const numbers = options.flatMap((one) => guarded(() => Object.entries(one)) || []).filter(([, value]) => /^\d{1,6}$/.test(String(value))).map(([name, value]) => [name, +value]);
    const plain = given.filter((one) => /^\d{1,6}$/.test(String(one)) && typeof one !== "object").map(Number);
    if (!numbers.length && !plain.length && !/pag|fenye/i.test(path)) continue;
    const acts = [...given, ...options.flatMap((one) => guarded(() => Object.values(one)) || [])]
      .map((one) => (typeof one === "string" && /^[\w$]{1,60}$/.test(one) && typeof globalThis[one] === "function" ? globalThis[one] : one)).filter((one) => typeof one === "function" && !seen.has(one));
    const last = lastOf(numbers, plain);
    const pages = options.flatMap((one) => sourced(one, last));
    if (pages.length) found.push({ last: last || input.last, pages });
    for (const act of acts.slice(0, 6)) {
      seen.add(act);
      const pages = [], way = wayOf(act);
      for (let number = 0; number <= Math.min(last || input.last || 3, MOST_PAGES); number++) {
        const asked = at(act, number, way);
        if (!asked.length && number > 2) break;
        pages.push(asked);
      }
      if (pages.some((asked) => asked.length)) found.push({ last: last || input.last, pages });
    }
  }
  return found;
}
function lastOf(numbers, plain) {
  const of = (names) => (numbers.find(([name]) => names.test(name)) || [])[1] || 0;
  const all = of(ALL), size = of(SIZE);
  return of(LAST) || (all && (size || all > 30) ? Math.ceil(all / (size || 10)) : 0) || plain.find((each) => each > 1) || 0;
}
function shown(one) { return (one.textContent || one.value || one.title || "").replace(/\s+/g, " ").trim().slice(0, 300); }
function clicks(places) {
  const turns = input.turns.map((place) => [place, places[place]]).filter(([, one]) => one);
  for (const one of below(document)) {
    if (!placed.has(one) && turns.length < MOST_CLICKS && TURNS.test(shown(one)) && !one.children.some((kid) => TURNS.test(shown(kid)))) turns.push([-1, one]);
  }
  return turns.slice(0, MOST_CLICKS).map(([place, one]) => {
    const first = acted(() => fire(one, "click"));
    answered();
    const again = first.length && !/\d/.test(shown(one)) ? acted(() => fire(one, "click")) : [];
    answers.length = 0;
    return { place, shown: shown(one), first, again };
  }).filter((each) => each.first.length);
}
function rows(places) {
  const made = below(document).filter((one) => !placed.has(one) && (one.own.attributes.onclick || /^javascript:/i.test(one.own.attributes.href || "")));
  const all = [...input.rows.map((place) => [place, places[place]]).filter(([, one]) => one), ...made.map((one) => [-1, one])];
  return all.slice(0, 2 * MOST_CLICKS).map(([place, one]) => ({ place, shown: shown(one), first: acted(() => fire(one, "click")) })).filter((each) => each.first.length);
}
function choices() {
  const found = [];
  for (const menu of document.getElementsByTagName("select").slice(0, 30)) {
    const own = menu.selectedIndex, isSaid = menu.options.some((option) => option.hasAttribute("selected"));
    menu.options.slice(0, MOST_PAGES).forEach((option, place) => {
      menu.selectedIndex = place;
      const asked = acted(() => fire(menu, "change"));
      if (!asked.length && /[/?]|\.\w{2,5}$/.test(option.value)) asked.push(["go", option.value, "GET", ""]);
      if (asked.length) found.push({ menu: document.getElementsByTagName("select").indexOf(menu), shown: shown(option), own: place === own && (isSaid || !/[/?.\d]/.test(option.value)), first: asked });
    });
    menu.selectedIndex = own;
    answers.length = 0;
  }
  return found;
}
function data(before) {
  const found = [];
  let size = 0;
  const values = [...Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name)).map((name) => globalThis[name]), records, ...calls.flatMap(([, given]) => given)];
  for (const value of values) {
    if (!value || typeof value !== "object" || value.own || value instanceof Wrapped || size > MOST_DATA) continue;
    const text = guarded(() => JSON.stringify(value, (name, each) => (each && typeof each === "object" && (each.own || each === globalThis) ? undefined : each)));
    if (text && text.length > 20 && size + text.length < MOST_DATA && /[:"](?:\w*(?:url|link|href|path)\w*)"/i.test(text)) { size += text.length; found.push(text); }
  }
  return found;
}
function drive() {
  const places = grown(input.tree), before = new Set(Object.getOwnPropertyNames(globalThis));
  const result = {};
  result.load = acted(loaded);
  const held = writes.length;
  result.pagers = guarded(pagers) || [];
  answered();
  for (const one of made) if (one.parentNode && !ups(one).some((up) => made.has(up))) note(one.outerHTML);
  result.written = writes.slice(0, held).concat(writes.slice(held).filter((each) => !each.includes(UNKNOWN))).join("\n");
  result.data = guarded(() => data(before)) || [];
  result.turns = guarded(() => clicks(places)) || [];
  result.scrolled = acted(() => { for (const { heard } of heardByAll.scroll || []) heard.call(globalThis, eventOf("scroll", document)); for (const { heard } of document.own.heard.scroll || []) heard.call(document, eventOf("scroll", document)); for (const own of [globalThis, document]) if (typeof own.onscroll === "function") own.onscroll(eventOf("scroll", document)); });
  answers.length = 0;
  result.choices = guarded(choices) || [];
  result.rows = guarded(() => rows(places)) || [];
  return JSON.stringify(result);
}
return drive();
