package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Trials of applications that are there: each disturbs one application after the other and watches
 * whether its pods stay or come back. Nothing is tried but in the namespaces that the run was told
 * it may disturb.
 */
public final class Disturbances {
  private Disturbances() {}

  /** Disturbs one application, notes what it saw, and says what could not be tried. */
  @FunctionalInterface
  interface Trial {
    /** An empty text, or why it could not be tried on this application. */
    String run(Subject subject, Findings findings) throws InterruptedException;
  }

  static Check of(String how, Trial trial) {
    return Check.of(
        how,
        context -> {
          List<Workload> all = Workload.all(context);
          if (all.isEmpty()) {
            return Workload.NONE;
          }
          if (context.disturb().isEmpty()) {
            return Verdict.notCheckable(
                Verdict.Cause.MEANS,
                "it takes disturbing applications: name namespaces with --disturb whose"
                    + " applications may be");
          }
          List<Subject> subjects = subjects(context, all);
          if (subjects.isEmpty()) {
            return Verdict.notApplicable(
                "no Deployment or StatefulSet with pods is in " + context.disturb());
          }
          // One disturbance at a time, so that each sees its own effect.
          context.turn().acquire();
          try {
            return tried(subjects, trial);
          } finally {
            context.turn().release();
          }
        });
  }

  private static Verdict tried(List<Subject> subjects, Trial trial) throws InterruptedException {
    Findings findings = new Findings();
    List<String> open = new ArrayList<>();
    for (Subject subject : subjects) {
      if (!subject.settle(() -> true).settled()) {
        open.add(subject.name() + " was not ready before");
        continue;
      }
      String untried = trial.run(subject, findings);
      if (!untried.isEmpty()) {
        open.add(subject.name() + ": " + untried);
      }
    }
    return findings.failed() || open.isEmpty()
        ? findings.verdict()
        : new Verdict.NotCheckable(
            Verdict.Cause.MEANS, String.join("; ", open), findings.evidence());
  }

  private static List<Subject> subjects(Context context, List<Workload> all) {
    return all.stream()
        .filter(w -> context.disturb().contains(w.namespace()))
        .filter(w -> w.name().startsWith("Deployment ") || w.name().startsWith("StatefulSet "))
        .filter(w -> Trees.integerOr(w.object(), 1, "spec", "replicas") > 0)
        .map(w -> new Subject(context, w))
        .toList();
  }

  /**
   * What is wrong if the application did not come back, or was away although it has several pods.
   */
  static void judge(Subject subject, Subject.Course course, String what, Findings findings) {
    String name = subject.name() + ", " + what + ": ";
    if (!course.settled()) {
      findings.breach(name + "its pods did not all become ready again");
    } else if (course.fewest() == 0 && subject.replicas() > 1) {
      findings.breach(name + "for a while no pod was ready");
    } else {
      findings.saw(name + "all pods are ready, never fewer than " + course.fewest());
    }
  }

  /** A check that reads where nothing may be disturbed, and tries where something may. */
  public static Check orTry(Check reading, Check trial) {
    return Check.of(
        reading.how(),
        context -> {
          Verdict read = context.verdict(reading);
          return context.disturb().isEmpty()
                  || read instanceof Verdict.Fail
                  || read instanceof Verdict.NotApplicable
              ? read
              : context.verdict(trial);
        });
  }

  /** One pod is deleted. */
  public static final Check POD_DELETION =
      of(
          "a pod of each application is deleted",
          (subject, findings) -> {
            var pods = subject.pods();
            if (pods.isEmpty()) {
              return "it has no pods";
            }
            String uid = Trees.stringOr(pods.getFirst(), "", "metadata", "uid");
            subject.kube().delete(Subject.path(pods.getFirst()));
            Subject.Course course =
                subject.settle(
                    () ->
                        subject.pods().stream()
                            .noneMatch(p -> uid.equals(Trees.string(p, "metadata", "uid"))));
            judge(subject, course, "a pod was deleted", findings);
            return "";
          });

  private static void mark(Subject subject, String value) {
    String patch =
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"conformance.kubra.io/rolled\":%s}}}}}";
    subject.kube().merge(subject.path(), patch.formatted(value));
  }

  /** The template changes, so that all pods are replaced; then it changes back. */
  private static String roll(Subject subject, Findings findings, boolean back)
      throws InterruptedException {
    if (!subject.deployment()) {
      return "";
    }
    subject.context().workspace().undo(() -> mark(subject, "null"));
    mark(subject, "\"" + subject.context().workspace().run() + "\"");
    Subject.Course forth = subject.settle(() -> true);
    mark(subject, "null");
    Subject.Course home = subject.settle(() -> true);
    judge(
        subject,
        back ? home : forth,
        back ? "it went back to the revision before" : "its template was changed",
        findings);
    return "";
  }

  /** A rolling update of Deployments. */
  public static final Check UPDATE =
      of(
          "the template of each Deployment is changed",
          (subject, findings) -> roll(subject, findings, false));

  /** Going back after a rolling update of Deployments. */
  public static final Check DOWNGRADE =
      of(
          "the template of each Deployment is changed and changed back",
          (subject, findings) -> roll(subject, findings, true));

  private static void schedulable(Subject subject, String node, String value) {
    subject
        .kube()
        .merge(
            "/api/v1/nodes/" + node,
            "{\"metadata\":{\"annotations\":{\"%s\":%s}},\"spec\":{\"unschedulable\":%s}}"
                .formatted(
                    CORDONED,
                    value.equals("true")
                        ? "\"" + subject.context().workspace().run() + "\""
                        : "null",
                    value));
  }

  private static final String CORDONED = io.kubra.conformance.cluster.Workspace.CORDONED;

  /** The node of a pod is drained of the application. */
  public static final Check DRAIN =
      of(
          "the node of a pod of each application takes no pods for a while, and its pods are evicted",
          (subject, findings) -> {
            Set<String> open = new HashSet<>();
            subject.context().nodes().stream()
                .filter(n -> !Trees.bool(n, "spec", "unschedulable"))
                .forEach(n -> open.add(Named.name(n)));
            // Not one that somebody else has closed: in the end it would be open.
            String node =
                subject.pods().stream()
                    .map(p -> Trees.stringOr(p, "", "spec", "nodeName"))
                    .filter(open::contains)
                    .findFirst()
                    .orElse("");
            boolean other =
                subject.context().nodes().stream()
                    .anyMatch(
                        n ->
                            !Named.name(n).equals(node)
                                && io.kubra.conformance.check.Nodes.ready(n)
                                && io.kubra.conformance.check.Nodes.runsPods(n)
                                && !Trees.bool(n, "spec", "unschedulable"));
            if (node.isEmpty() || !other) {
              return "there is no second node for its pods";
            }
            subject.context().workspace().undo(() -> schedulable(subject, node, "null"));
            schedulable(subject, node, "true");
            try {
              subject.pods().stream()
                  .filter(p -> node.equals(Trees.string(p, "spec", "nodeName")))
                  .forEach(p -> evict(subject, p));
              Subject.Course course =
                  subject.settle(
                      () ->
                          subject.pods().stream()
                              .noneMatch(p -> node.equals(Trees.string(p, "spec", "nodeName"))));
              judge(subject, course, "node " + node + " was drained of it", findings);
            } finally {
              schedulable(subject, node, "null");
            }
            return "";
          });

  private static void evict(Subject subject, java.util.Map<String, Object> pod) {
    subject
        .kube()
        .ask(
            "POST",
            Subject.path(pod) + "/eviction",
            java.util.Map.of(),
            Probe.yaml(
                "{apiVersion: policy/v1, kind: Eviction, metadata: {name: %s, namespace: %s}}"
                    .formatted(Named.name(pod), Named.namespace(pod))));
  }

  /** One replica more, and back. */
  public static final Check SCALE =
      of(
          "each application gets one replica more, and gives it back",
          (subject, findings) -> {
            long before = subject.replicas();
            subject.context().workspace().undo(() -> scale(subject, before));
            scale(subject, before + 1);
            judge(subject, subject.settle(() -> true), "it has one replica more", findings);
            scale(subject, before);
            judge(subject, subject.settle(() -> true), "it has one replica less", findings);
            return "";
          });

  private static void scale(Subject subject, long replicas) {
    subject.kube().merge(subject.path() + "/scale", "{\"spec\":{\"replicas\":" + replicas + "}}");
  }
}
