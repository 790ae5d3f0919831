package io.kubra.conformance.report;

import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The run as one page that needs nothing else; light or dark as the reader's system is. */
public final class Html {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ok:#1a7f37;--bad:#c62828;--dim:#667;--line:#d8dce3;--card:#f6f7f9}
      @media(prefers-color-scheme:dark){:root{--ok:#5fd38a;--bad:#ff7b72;--dim:#9aa4b2;--line:#343b46;--card:#1b2028}}
      body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
      table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
      td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.9em}
      .pass{color:var(--ok)}.fail{color:var(--bad);font-weight:600}.other,.dim{color:var(--dim)}
      details{background:var(--card);border-radius:6px;margin:.3rem 0;padding:.4rem .8rem}summary{cursor:pointer}
      summary b{display:inline-block;min-width:9rem}summary .key{display:inline-block;min-width:13rem}ul.bad{columns:16rem;padding-left:1.2rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0;font-size:.85em}
      """;
  private static final List<String> WORDS =
      List.of("pass", "fail", "not applicable", "not checkable");

  private Html() {}

  /** Writes a run. */
  public static byte[] write(Report report) {
    StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head>");
    page.append("<meta charset=\"utf-8\"><title>RA2 conformance</title>");
    page.append("<meta name=\"viewport\" content=\"width=device-width\"><style>\n");
    page.append(STYLE).append("</style></head><body>\n<h1>RA2 conformance</h1>\n<p>");
    page.append(escape(report.server() + ", " + report.version() + ", " + report.nodes()));
    page.append(" nodes, ").append(escape(report.profile())).append(" profile, ");
    page.append(report.started().truncatedTo(ChronoUnit.SECONDS))
        .append(", ")
        .append(report.took().toSeconds())
        .append(" s</p>\n");
    int breaches = report.breaches().size();
    page.append("<p class=\"").append(breaches == 0 ? "pass" : "fail").append("\">");
    page.append(
        breaches == 0 ? "No binding requirement fails." : breaches + " binding requirements fail.");
    page.append("</p>\n");
    failures(page, report.breaches());
    table(page, report);
    for (Map.Entry<String, List<Outcome>> area : report.byArea().entrySet()) {
      page.append("<h2 id=\"").append(area.getKey()).append("\">").append(area.getKey());
      page.append("</h2>\n");
      area.getValue().forEach(outcome -> details(page, outcome));
    }
    return page.append("</body></html>\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void failures(StringBuilder page, List<Outcome> breaches) {
    if (!breaches.isEmpty()) {
      page.append("<ul class=\"bad\">");
      for (Outcome outcome : breaches) {
        String key = escape(outcome.requirement().key());
        page.append("<li><a href=\"#").append(key).append("\"><code>");
        page.append(key).append("</code></a></li>");
      }
      page.append("</ul>\n");
    }
  }

  private static void table(StringBuilder page, Report report) {
    page.append("<table><tr><th>area</th>");
    WORDS.forEach(word -> page.append("<th class=\"n\">").append(word).append("</th>"));
    page.append("</tr>\n");
    for (Map.Entry<String, List<Outcome>> area : report.byArea().entrySet()) {
      page.append("<tr><td><a href=\"#").append(area.getKey()).append("\">");
      page.append(area.getKey()).append("</a></td>");
      for (String word : WORDS) {
        long count = area.getValue().stream().filter(o -> o.verdict().word().equals(word)).count();
        page.append("<td class=\"n\">").append(count).append("</td>");
      }
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static void details(StringBuilder page, Outcome outcome) {
    String word = outcome.verdict().word();
    String style = word.equals("pass") || word.equals("fail") ? word : "other";
    page.append("<details id=\"").append(escape(outcome.requirement().key()));
    page.append("\"><summary><b class=\"").append(style).append("\">").append(word);
    page.append("</b> <code class=\"key\">").append(escape(outcome.requirement().key()));
    page.append("</code> <span class=\"dim\">").append(outcome.requirement().level());
    page.append("</span> ").append(escape(outcome.requirement().summary())).append("</summary>");
    line(page, "Checked by", outcome.how());
    line(page, "Result", Texts.reason(outcome.verdict()));
    line(page, "Evidence", String.join("\n", outcome.verdict().evidence()));
    line(page, "Remedy", outcome.remediation());
    page.append("</details>\n");
  }

  private static void line(StringBuilder page, String name, String text) {
    if (!text.isEmpty()) {
      page.append("<div class=\"dim\">").append(name).append("</div><pre>");
      page.append(escape(text)).append("</pre>");
    }
  }

  /** A text inside HTML or XML; characters that XML cannot hold become question marks. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                  boolean fits =
                      c >= 0x20 && c <= 0xd7ff
                          || c == '\n'
                          || c == '\t'
                          || c >= 0xe000 && c < 0xfffe
                          || c >= 0x10000;
                  out.appendCodePoint(fits ? c : '?');
                }
              }
            });
    return out.toString();
  }
}
