// What the site's pages do: figures are drawn when they come into view, live pages and figures follow the theme, words
// of the glossary explain themselves, and quizzes answer. Nothing is asked of any other place.

(() => {
  const here = document.currentScript.src;
  const system = matchMedia("(prefers-color-scheme: dark)");
  // Colours of the package's figures (chromolab/show/figures/style.py), and what they are on a dark ground.
  const DARK = {
    "#222222": "#E8E8E8",
    "#767676": "#A3A7AB",
    "#e4e4e4": "#4A4F55",
    "#ffffff": "#131416",
    white: "#131416",
  };
  const NAMES = /#222222|#767676|#e4e4e4|#ffffff|\bwhite\b(?=")|rgba\(255, ?255, ?255/gi;
  const darkened = (text) => text.replace(NAMES, (name) => DARK[name.toLowerCase()] ?? "rgba(19,20,22");

  const isDark = () => {
    const { theme } = document.body.dataset;
    return theme === "dark" || (theme !== "light" && system.matches);
  };

  // ----- figures ----------------------------------------------------------------------------------------------------

  let plotly; // a promise of the library, once a figure needs it
  const library = () =>
    (plotly ??= new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = new URL("plotly.min.js", here);
      script.onload = () => done(window.Plotly);
      script.onerror = fail;
      document.head.append(script);
    }));

  async function draw(place) {
    const still = place.classList.contains("still"),
      text = place.querySelector("script").textContent;
    const { data, layout } = JSON.parse(isDark() ? darkened(text) : text);
    let paper = place.querySelector(".paper");
    if (!paper) {
      paper = document.createElement("div");
      paper.className = "paper";
      place.append(paper);
    }
    const config = { responsive: !still, staticPlot: still, displaylogo: false };
    await (await library()).react(paper, data, { ...layout, width: still ? 760 : undefined }, config);
    place.dataset.drawn = isDark() ? "dark" : "light";
  }

  const plots = [...document.querySelectorAll(".plot")];
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        draw(target);
      }
    },
    { rootMargin: "600px" },
  );
  for (const place of plots) seen.observe(place);
  addEventListener("beforeprint", () => plots.filter((place) => !place.dataset.drawn).forEach(draw));

  // ----- the theme --------------------------------------------------------------------------------------------------

  const frames = [...document.querySelectorAll(".live iframe")];
  const tell = (frame) => frame.contentWindow?.postMessage({ dark: isDark() }, "*");
  for (const frame of frames) frame.addEventListener("load", () => tell(frame));

  function follow() {
    const dark = isDark();
    document.body.dataset.jpThemeLight = String(!dark); // as widgets know it
    frames.forEach(tell);
    for (const place of plots)
      if (place.dataset.drawn && place.dataset.drawn !== (dark ? "dark" : "light")) draw(place);
  }
  new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-theme"] });
  system.addEventListener("change", follow);
  follow();

  // ----- words of the glossary --------------------------------------------------------------------------------------

  const meaning = document.createElement("div");
  meaning.id = "meaning";
  meaning.setAttribute("role", "tooltip");
  meaning.hidden = true;
  document.body.append(meaning);

  function explain({ currentTarget: word }) {
    meaning.textContent = word.dataset.meaning;
    meaning.hidden = false;
    word.setAttribute("aria-describedby", "meaning");
    const at = word.getBoundingClientRect(),
      { width, height } = meaning.getBoundingClientRect();
    const above = at.top > height + 12;
    meaning.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
    meaning.style.top = `${above ? at.top - height - 6 : at.bottom + 6}px`;
  }
  function hush({ currentTarget: word }) {
    meaning.hidden = true;
    word.removeAttribute("aria-describedby");
  }
  for (const word of document.querySelectorAll("a.word")) {
    for (const kind of ["mouseenter", "focus"]) word.addEventListener(kind, explain);
    for (const kind of ["mouseleave", "blur"]) word.addEventListener(kind, hush);
  }
  addEventListener("keydown", ({ key }) => key === "Escape" && (meaning.hidden = true));
  addEventListener("scroll", () => (meaning.hidden = true), { passive: true });

  // ----- the search --------------------------------------------------------------------------------------------------

  // A page that was opened from a file may not read others: what was found is then listed without the text around it.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object")
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  // ----- quizzes ----------------------------------------------------------------------------------------------------

  for (const place of document.querySelectorAll(".quiz")) {
    const questions = JSON.parse(place.textContent);
    window.chromolabQuiz.render({ model: { get: () => questions }, el: place });
  }
})();
