package io.kubra.conformance.report;

import io.kubra.api.json.Json;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The run in the Static Analysis Results Interchange Format 2.1.0 (OASIS): rules and results. */
public final class SarifReport {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private SarifReport() {}

  /** Writes a run. */
  public static byte[] write(Report report) {
    List<Object> rules = new ArrayList<>();
    List<Object> results = new ArrayList<>();
    for (Outcome outcome : report.outcomes()) {
      String summary = outcome.requirement().summary();
      rules.add(
          object(
              "id", outcome.requirement().key(),
              "shortDescription", object("text", summary),
              "properties",
                  object(
                      "area", outcome.requirement().area(),
                      "level", outcome.requirement().level().toString())));
      results.add(
          object(
              "ruleId", outcome.requirement().key(),
              "ruleIndex", (long) results.size(),
              "kind", kind(outcome.verdict()),
              "level", level(outcome),
              "message", object("text", message(outcome)),
              "locations",
                  List.of(
                      object(
                          "logicalLocations",
                          List.of(object("fullyQualifiedName", report.server()))))));
    }
    Map<String, Object> driver =
        object("name", "kubra conformance", "semanticVersion", "0.1.0", "rules", rules);
    Map<String, Object> run =
        object(
            "tool", object("driver", driver),
            "invocations",
                List.of(
                    object(
                        "executionSuccessful",
                        report.outcomes().stream().noneMatch(Outcome::unsettled),
                        "startTimeUtc",
                        report.started().toString())),
            "results", results);
    return Json.write(object("$schema", SCHEMA, "version", "2.1.0", "runs", List.of(run)));
  }

  private static String kind(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Pass p -> "pass";
      case Verdict.Fail f -> "fail";
      case Verdict.NotApplicable n -> "notApplicable";
      case Verdict.NotCheckable n -> "review";
    };
  }

  private static String level(Outcome outcome) {
    if (!(outcome.verdict() instanceof Verdict.Fail)) {
      return "none";
    }
    return switch (outcome.requirement().level()) {
      case MUST, MUST_NOT -> "error";
      case SHOULD, SHOULD_NOT -> "warning";
      case MAY -> "note";
    };
  }

  private static String message(Outcome outcome) {
    String reason = Texts.reason(outcome.verdict());
    String text = reason.isEmpty() ? String.join("\n", outcome.verdict().evidence()) : reason;
    if (!outcome.remediation().isEmpty()) {
      text += "\n" + outcome.remediation();
    }
    return text.isEmpty() ? outcome.verdict().word() : text;
  }

  static Map<String, Object> object(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
