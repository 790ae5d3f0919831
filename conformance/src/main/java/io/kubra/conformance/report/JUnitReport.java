package io.kubra.conformance.report;

import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The run as JUnit XML, one suite for each area. Rows that bind fail; a row that only recommends is
 * skipped with what was found, so that the file agrees with the exit code.
 */
public final class JUnitReport {
  private JUnitReport() {}

  /** Writes a run. */
  public static byte[] write(Report report) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites name=\"RA2 conformance\"");
    totals(xml, report.outcomes(), report.took());
    for (Map.Entry<String, List<Outcome>> area : report.byArea().entrySet()) {
      xml.append("  <testsuite name=\"").append(area.getKey()).append('"');
      Duration took =
          area.getValue().stream().map(Outcome::took).reduce(Duration.ZERO, Duration::plus);
      totals(xml, area.getValue(), took);
      area.getValue().forEach(outcome -> testCase(xml, outcome));
      xml.append("  </testsuite>\n");
    }
    return xml.append("</testsuites>\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void totals(StringBuilder xml, List<Outcome> outcomes, Duration took) {
    long failures = outcomes.stream().filter(Outcome::breach).count();
    long passes = outcomes.stream().filter(o -> o.verdict() instanceof Verdict.Pass).count();
    xml.append(" tests=\"").append(outcomes.size());
    xml.append("\" failures=\"").append(failures).append("\" errors=\"0\" skipped=\"");
    xml.append(outcomes.size() - failures - passes);
    xml.append("\" time=\"").append(seconds(took)).append("\">\n");
  }

  private static void testCase(StringBuilder xml, Outcome outcome) {
    xml.append("    <testcase classname=\"ra2.").append(outcome.requirement().area());
    xml.append("\" name=\"")
        .append(Html.escape(outcome.requirement().key() + " " + outcome.requirement().summary()))
        .append("\" time=\"")
        .append(seconds(outcome.took()))
        .append("\">\n");
    String reason = Html.escape(Texts.reason(outcome.verdict()));
    if (outcome.breach()) {
      xml.append("      <failure message=\"not met\">").append(reason).append("\n");
      xml.append(Html.escape(outcome.remediation())).append("</failure>\n");
    } else if (!(outcome.verdict() instanceof Verdict.Pass)) {
      xml.append("      <skipped message=\"")
          .append(outcome.verdict().word())
          .append(": ")
          .append(reason.replace("\n", "; "))
          .append("\"/>\n");
    }
    String evidence = Html.escape(String.join("\n", outcome.verdict().evidence()));
    xml.append("      <system-out>").append(evidence).append("</system-out>\n");
    xml.append("    </testcase>\n");
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
  }
}
