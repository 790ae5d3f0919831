package io.kubra.conformance.report;

import io.kubra.api.json.Json;
import io.kubra.client.ApiClient;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The summary of a run as a ConfigMap of the cluster that was checked, where the status pages find
 * it: counts by area, and what failed.
 */
public final class Publication {
  private static final String NAMESPACE = "kube-system";
  private static final String NAME = "ra2-conformance";
  private static final String KEY = "summary.json";
  private static final int LONGEST = 400;

  private Publication() {}

  /**
   * Publishes a run, in place of the one before.
   *
   * @throws io.kubra.api.status.ApiException if the user may not
   */
  public static void publish(ApiClient client, Report report) {
    client
        .resource(ConfigMap.RESOURCE)
        .apply(
            ConfigMap.builder()
                .metadata(ObjectMeta.builder().namespace(NAMESPACE).name(NAME).build())
                .data(Map.of(KEY, Json.toString(summary(report))))
                .build(),
            "kubra-conformance",
            true);
  }

  private static Map<String, Object> summary(Report report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put(
        "time", report.started().plus(report.took()).truncatedTo(ChronoUnit.SECONDS).toString());
    tree.put("profile", report.profile());
    tree.put("passed", report.breaches().isEmpty());
    List<Object> areas = new ArrayList<>();
    report.byArea().forEach((name, outcomes) -> areas.add(area(name, outcomes)));
    tree.put("areas", areas);
    List<Object> failed = new ArrayList<>();
    for (Outcome outcome : report.outcomes()) {
      if (outcome.verdict() instanceof Verdict.Fail) {
        failed.add(failure(outcome));
      }
    }
    tree.put("failed", failed);
    return tree;
  }

  private static Map<String, Object> area(String name, List<Outcome> outcomes) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name);
    tree.put("pass", count(outcomes, v -> v instanceof Verdict.Pass));
    tree.put("fail", count(outcomes, v -> v instanceof Verdict.Fail));
    tree.put("notApplicable", count(outcomes, v -> v instanceof Verdict.NotApplicable));
    tree.put("notCheckable", count(outcomes, v -> v instanceof Verdict.NotCheckable));
    return tree;
  }

  private static long count(List<Outcome> outcomes, Predicate<Verdict> kind) {
    return outcomes.stream().filter(o -> kind.test(o.verdict())).count();
  }

  private static Map<String, Object> failure(Outcome outcome) {
    String reason = Texts.reason(outcome.verdict());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", outcome.requirement().key());
    tree.put("level", outcome.requirement().level().toString());
    tree.put("summary", outcome.requirement().summary());
    tree.put("evidence", reason.length() > LONGEST ? reason.substring(0, LONGEST) : reason);
    return tree;
  }
}
