package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.Disturbances;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows on updating, downgrading and scaling applications: whether their objects allow it, and
 * whether they show that it was done and went well. Nothing is changed.
 */
final class RolloutRows {
  private static final String DEPLOYMENTS = "/apis/apps/v1/deployments";
  private static final String HISTORY = "deployment.kubernetes.io/revision-history";
  private static final String REVISION = "deployment.kubernetes.io/revision";

  private RolloutRows() {}

  /** What a Deployment's objects show: that it went well, that it cannot, or neither. */
  @FunctionalInterface
  private interface Reading {
    Verdict read(Context context, Map<String, Object> deployment) throws InterruptedException;
  }

  private static Check deployments(String how, String untried, Reading reading) {
    return Check.of(
        how,
        context -> {
          Findings findings = new Findings();
          List<String> open = new ArrayList<>();
          int count = 0;
          for (Map<String, Object> deployment : context.list(DEPLOYMENTS)) {
            if (Workload.platform(Named.namespace(deployment))) {
              continue;
            }
            count++;
            String name = "Deployment " + Named.full(deployment);
            switch (reading.read(context, deployment)) {
              case Verdict.Pass p -> p.evidence().forEach(l -> findings.saw(name + ": " + l));
              case Verdict.Fail f -> f.breaches().forEach(l -> findings.breach(name + ": " + l));
              case Verdict.NotApplicable n -> open.add(name);
              case Verdict.NotCheckable n -> open.add(name);
            }
          }
          if (count == 0) {
            return Verdict.notApplicable(
                "there are no Deployments outside the platform's namespaces");
          }
          return findings.failed() || open.isEmpty()
              ? findings.verdict()
              : new Verdict.NotCheckable(
                  Verdict.Cause.MEANS,
                  untried + ": " + String.join(", ", open),
                  findings.evidence());
        });
  }

  private static long replicas(Map<String, Object> object) {
    return Trees.integerOr(object, 1, "spec", "replicas");
  }

  /** Why an update would take all pods away at once; empty if it would not. */
  private static Optional<String> interrupts(Map<String, Object> deployment) {
    if ("Recreate".equals(Trees.string(deployment, "spec", "strategy", "type"))) {
      return Optional.of("the strategy Recreate ends all pods before it starts new ones");
    }
    Object most = Trees.get(deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable");
    String text = String.valueOf(most);
    long replicas = replicas(deployment);
    boolean all =
        text.endsWith("%")
            ? text.matches("[1-9]\\d{2,}%")
            : text.matches("\\d{1,9}") && replicas > 0 && Long.parseLong(text) >= replicas;
    return all
        ? Optional.of("maxUnavailable " + text + " lets all " + replicas + " pods go at once")
        : Optional.empty();
  }

  private static final Check UPDATE =
      deployments(
          "Deployments keep pods while they roll, and their last update completed",
          "these allow a rolling update and were not updated yet; try one",
          (context, deployment) -> {
            Optional<String> interrupts = interrupts(deployment);
            if (interrupts.isPresent()) {
              return Verdict.fail(interrupts.get());
            }
            if (Named.conditionStatus(deployment, "Progressing").equals("False")) {
              return Verdict.fail("its last update did not come to an end");
            }
            String revision = annotation(deployment, REVISION);
            boolean complete =
                Trees.integerOr(deployment, -1, "status", "updatedReplicas")
                    == replicas(deployment);
            return revision.matches("[2-9]|\\d{2,}")
                    && complete
                    && Named.condition(deployment, "Available")
                ? Verdict.pass("revision " + revision + " is rolled out and available")
                : open();
          });

  private static Verdict open() {
    return Verdict.notCheckable(Verdict.Cause.MEANS, "");
  }

  private static String annotation(Map<String, Object> object, String key) {
    return Trees.stringOr(object, "", "metadata", "annotations", key);
  }

  private static final Check DOWNGRADE =
      deployments(
          "Deployments keep a revision to go back to, and went back to one",
          "these keep a revision to go back to and never did; try `kubectl rollout undo`",
          (context, deployment) -> {
            if (Trees.integerOr(deployment, 10, "spec", "revisionHistoryLimit") == 0) {
              return Verdict.fail("revisionHistoryLimit 0 keeps no revision to go back to");
            }
            Optional<String> interrupts = interrupts(deployment);
            if (interrupts.isPresent()) {
              return Verdict.fail(interrupts.get());
            }
            for (Map<String, Object> set : context.list("/apis/apps/v1/replicasets")) {
              boolean own =
                  Named.namespace(set).equals(Named.namespace(deployment))
                      && Trees.maps(set, "metadata", "ownerReferences").stream()
                          .anyMatch(
                              o ->
                                  Trees.stringOr(o, "", "uid")
                                      .equals(Trees.stringOr(deployment, "?", "metadata", "uid")));
              if (own && !annotation(set, HISTORY).isEmpty() && replicas(set) > 0) {
                return Verdict.pass(
                    "its pods are of revision "
                        + annotation(set, HISTORY)
                        + ", to which it went back as revision "
                        + annotation(set, REVISION));
              }
            }
            return open();
          });

  private static boolean targets(Map<String, Object> autoscaler, Workload workload) {
    return Named.namespace(autoscaler).equals(workload.namespace())
        && (Trees.stringOr(autoscaler, "", "spec", "scaleTargetRef", "kind")
                + " "
                + workload.namespace()
                + "/"
                + Trees.stringOr(autoscaler, "", "spec", "scaleTargetRef", "name"))
            .equals(workload.name());
  }

  /** Why an autoscaler could not drive a workload; empty if it could. */
  private static Optional<String> undriven(Workload workload) {
    for (Map<String, Object> container : workload.main()) {
      if (Trees.get(container, "resources", "requests", "cpu") == null
          && Trees.get(container, "resources", "limits", "cpu") == null) {
        return Optional.of(
            "container "
                + Trees.stringOr(container, "", "name")
                + " requests no CPU, against which an autoscaler measures its load");
      }
    }
    return Optional.empty();
  }

  private static final Check SCALING =
      Check.of(
          "applications with several replicas have a scale that can be set, and an autoscaler that"
              + " is active or could be",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            List<Map<String, Object>> autoscalers =
                context.list("/apis/autoscaling/v2/horizontalpodautoscalers");
            for (Workload workload : Workload.all(context)) {
              boolean scalable =
                  workload.name().startsWith("Deployment ")
                      || workload.name().startsWith("StatefulSet ");
              Optional<Map<String, Object>> own =
                  autoscalers.stream().filter(a -> targets(a, workload)).findFirst();
              if (!scalable || own.isEmpty() && replicas(workload.object()) < 2) {
                continue;
              }
              count++;
              if (own.isPresent()) {
                Map<String, Object> autoscaler = own.get();
                String line =
                    "HorizontalPodAutoscaler "
                        + Named.full(autoscaler)
                        + ": AbleToScale "
                        + Named.conditionStatus(autoscaler, "AbleToScale")
                        + ", ScalingActive "
                        + Named.conditionStatus(autoscaler, "ScalingActive");
                findings.expect(
                    Named.condition(autoscaler, "AbleToScale")
                        && Named.condition(autoscaler, "ScalingActive"),
                    line,
                    line);
                continue;
              }
              Optional<String> undriven = undriven(workload);
              String trial = trial(context, workload);
              undriven.ifPresent(why -> findings.breach(workload.name() + ": " + why));
              if (!trial.isEmpty()) {
                findings.breach(workload.name() + ": setting its scale is refused: " + trial);
              } else if (undriven.isEmpty()) {
                findings.saw(workload.name() + ": its scale can be set, and it requests CPU");
              }
            }
            return count == 0
                ? Verdict.notApplicable("no application has several replicas or an autoscaler")
                : findings.verdict();
          });

  /** Why one more replica would be refused, by a dry run; empty if it would not. */
  private static String trial(Context context, Workload workload) {
    String plural = workload.name().startsWith("Deployment ") ? "/deployments/" : "/statefulsets/";
    String path =
        "/apis/apps/v1/namespaces/"
            + workload.namespace()
            + plural
            + Named.name(workload.object())
            + "/scale?dryRun=All";
    String patch = "{\"spec\":{\"replicas\":" + (replicas(workload.object()) + 1) + "}}";
    try {
      context.kube().merge(path, patch);
      return "";
    } catch (io.kubra.api.status.ApiException e) {
      if (e.code() == 401 || e.code() == 403) {
        throw e;
      }
      return e.message();
    }
  }

  static void add(Rows rows) {
    rows.add(
            "ra2.app.013",
            "Use the strategy RollingUpdate, keep pods while it rolls, and repair the rollout.",
            Disturbances.orTry(UPDATE, Disturbances.UPDATE))
        .add(
            "ra2.app.014",
            "Keep revisions, use RollingUpdate, and test going back.",
            Disturbances.orTry(DOWNGRADE, Disturbances.DOWNGRADE))
        .add(
            "ra2.app.038",
            "Request CPU, and repair the autoscaler's metrics or target.",
            Disturbances.orTry(SCALING, Disturbances.SCALE));
  }
}
