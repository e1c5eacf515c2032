package io.weft.explain;

/** A page of HTML that needs no other file and no network. */
final class HtmlPage {

  private static final String STYLE =
      """
      :root { --ink: #1c2733; --ground: #fbfaf7; --panel: #fff; --line: #d9d3c6; --quiet: #55606c; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e9edf1; --ground: #11171e; --panel: #19222c; --line: #33414f; --quiet: #a7b3bf; } }
      body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 72rem; margin: 0 auto; padding: 1rem; }
      h1 { margin-bottom: .2rem; } h2 { margin-top: 2.2rem; } .quiet { color: var(--quiet); }
      .wide { overflow: auto; max-height: 90vh; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem; }
      table { border-collapse: collapse; font-size: .9rem; } th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
      svg.weft-graph { display: block; margin: 0 auto; }
      .figures { display: flex; flex-wrap: wrap; gap: 1rem; } .figures svg, .figures img { width: min(100%, 19rem); height: auto; background: #fff; border-radius: .4rem; }
      .images { display: flex; flex-wrap: wrap; gap: 1rem; } .images figure { margin: 0; }
      pre { font-size: .8rem; } nav a { margin-right: 1rem; color: inherit; }
      .key { display: inline-block; padding: 0 .5rem; border-radius: .3rem; margin-right: .4rem; color: #1c2733; border: 1px solid var(--line); }
      .key.a { background: #ffe0cc; } .key.b { background: #d5e8f7; } .key.shifted { background: #d9f0e3; }
      @media (prefers-color-scheme: dark) { .key { color: var(--ink); } .key.a { background: #5c3317; } .key.b { background: #173f5f; } .key.shifted { background: #1d4a35; } }
      @media print { .wide { max-height: none; overflow: visible; } body { max-width: none; } }
      """;

  private HtmlPage() {}

  /**
   * Returns a page.
   *
   * @param title plain text
   * @param words what stands below the title, plain text
   * @param header markup below these
   * @param main markup of all else
   */
  static String of(String title, String words, String header, CharSequence main) {
    String name = Markup.escaped(title);
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>"
        + name
        + "</title>\n<style>\n"
        + STYLE
        + "</style>\n</head>\n<body>\n<header><h1>"
        + name
        + "</h1>\n<p class=\"quiet\">"
        + Markup.escaped(words)
        + "</p>\n"
        + header
        + "</header>\n<main>\n"
        + main
        + "</main>\n</body>\n</html>\n";
  }
}
