package io.kubra.conformance.report;

import io.kubra.api.json.Json;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole run as JSON, in a shape of its own. */
public final class JsonReport {
  private JsonReport() {}

  /** Writes a run. */
  public static byte[] write(Report report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("server", report.server());
    tree.put("version", report.version());
    tree.put("nodes", (long) report.nodes());
    tree.put("profile", report.profile());
    tree.put("started", report.started().toString());
    tree.put("seconds", report.took().toMillis() / 1000.0);
    tree.put("conforms", report.breaches().isEmpty());
    Map<String, Object> counts = new LinkedHashMap<>();
    for (String word : List.of("pass", "fail", "not applicable", "not checkable")) {
      counts.put(word, report.count(word));
    }
    tree.put("counts", counts);
    tree.put("leftovers", new ArrayList<Object>(report.leftovers()));
    List<Object> results = new ArrayList<>();
    report.outcomes().forEach(outcome -> results.add(result(outcome)));
    tree.put("results", results);
    return Json.write(tree);
  }

  private static Map<String, Object> result(Outcome outcome) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("key", outcome.requirement().key());
    tree.put("area", outcome.requirement().area());
    tree.put("level", outcome.requirement().level().toString());
    tree.put("subject", outcome.requirement().subject());
    tree.put("summary", outcome.requirement().summary());
    tree.put("result", outcome.verdict().word());
    tree.put("reason", Texts.reason(outcome.verdict()));
    if (outcome.verdict() instanceof Verdict.NotCheckable open) {
      tree.put("cause", open.cause().name().toLowerCase(java.util.Locale.ROOT));
    }
    tree.put("how", outcome.how());
    tree.put("evidence", new ArrayList<Object>(outcome.verdict().evidence()));
    tree.put("remediation", outcome.remediation());
    tree.put("seconds", outcome.took().toMillis() / 1000.0);
    return tree;
  }
}
