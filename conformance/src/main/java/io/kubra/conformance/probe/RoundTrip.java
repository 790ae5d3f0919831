package io.kubra.conformance.probe;

import static io.kubra.conformance.probe.Probe.yaml;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.Workspace;
import io.kubra.conformance.verdict.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What clients do with objects of any kind: create on trial and for good, read, replace, refuse to
 * replace by an old state, patch, find by label, watch, delete.
 */
public final class RoundTrip {
  private RoundTrip() {}

  /**
   * A probe of kinds of a group and version.
   *
   * @param objects an object of each kind as YAML, without apiVersion; one without a name gets one
   *     of the run; {@code %RUN%} stands for the run's name, {@code %NAMESPACE%} for the probe's
   */
  public static Check of(String groupVersion, String... objects) {
    List<String> kinds = new ArrayList<>();
    for (String object : objects) {
      kinds.add(Trees.stringOr(yaml(object), "", "kind"));
    }
    String how =
        groupVersion
            + ": "
            + String.join(", ", kinds)
            + " made on trial and for good, read, replaced, patched, listed, deleted; the first watched";
    return Probe.alone(
        how,
        "objects",
        probe -> {
          Findings findings = new Findings();
          for (String object : objects) {
            Map<String, Object> tree =
                yaml(
                    object
                        .replace("%RUN%", probe.context().workspace().run())
                        .replace("%NAMESPACE%", probe.namespace()));
            tree.put("apiVersion", groupVersion);
            new Round(probe, tree, findings).run(object.equals(objects[0]));
          }
          return findings.verdict();
        });
  }

  private static final class Round {
    private final Probe probe;
    private final Kube kube;
    private final Map<String, Object> object;
    private final Findings findings;
    private final String kind;
    private final String collection;
    private final String path;

    Round(Probe probe, Map<String, Object> object, Findings findings) {
      this.probe = probe;
      this.kube = probe.kube();
      this.object = object;
      this.findings = findings;
      kind = Trees.stringOr(object, "", "kind");
      Trees.setDefault(
          object, "conformance-" + probe.context().workspace().run(), "metadata", "name");
      Trees.set(object, probe.namespace(), "metadata", "namespace");
      collection = probe.context().discovery().collection(object);
      if (!collection.contains("/namespaces/")) {
        Trees.remove(object, "metadata", "namespace");
      }
      Trees.set(object, probe.context().workspace().run(), "metadata", "labels", Workspace.LABEL);
      path = collection + "/" + Named.name(object);
    }

    private void require(boolean holds, String statement) {
      if (!holds) {
        findings.breach(kind + ": not so: " + statement);
      }
    }

    void run(boolean watch) throws InterruptedException {
      String before =
          Trees.stringOr(kube.get(collection + "?limit=1"), "", "metadata", "resourceVersion");
      Kube.Answer trial = kube.ask("POST", collection + "?dryRun=All", Map.of(), object);
      if (trial.status() != 201) {
        findings.breach(
            kind + ": a trial creation was answered " + trial.status() + ": " + trial.message());
        return;
      }
      require(kube.find(path).isEmpty(), "a trial creation leaves nothing");
      Map<String, Object> made = probe.context().workspace().create(Trees.deepCopy(object));
      Map<String, Object> read = kube.get(path);
      require(uid(made).equals(uid(read)) && !uid(made).isEmpty(), "what is read was created");
      require(
          kube.ask("POST", collection, Map.of(), object).status() == 409,
          "a second creation under its name is refused with 409");
      replace(read);
      Map<String, Object> patched =
          kube.merge(path, "{\"metadata\":{\"annotations\":{\"conformance.kubra.io/b\":\"2\"}}}");
      require(
          annotation(patched, "b").equals("2") && annotation(patched, "a").equals("1"),
          "a merge patch changes what it names and nothing else");
      String label = Kube.encode(Workspace.LABEL + "=" + probe.context().workspace().run());
      require(
          kube.list(collection + "?labelSelector=" + label).stream()
              .anyMatch(o -> uid(o).equals(uid(made))),
          "it is listed by its label");
      kube.delete(path);
      require(
          Await.until(
              probe.soon(), () -> kube.find(path).filter(o -> uid(o).equals(uid(made))).isEmpty()),
          "it is gone after its deletion");
      if (watch) {
        watched(before, uid(made));
      }
      findings.saw(
          kind + " " + Named.name(object) + " made, read, replaced, patched, listed, deleted");
    }

    /** Controllers may change an object too, so a conflict by their change is tried again. */
    private void replace(Map<String, Object> first) throws InterruptedException {
      boolean replaced =
          Await.until(
              probe.soon(),
              () -> {
                Map<String, Object> next = kube.get(path);
                Trees.set(next, "1", "metadata", "annotations", "conformance.kubra.io/a");
                Kube.Answer answer = kube.ask("PUT", path, Map.of(), next);
                return answer.status() == 200;
              });
      require(replaced, "it is replaced");
      Trees.set(first, "old", "metadata", "annotations", "conformance.kubra.io/a");
      require(
          kube.ask("PUT", path, Map.of(), first).status() == 409,
          "a replacement by an old state is refused with 409");
    }

    private void watched(String since, String uid) {
      String query =
          "?watch=true&timeoutSeconds=1&resourceVersion="
              + since
              + "&fieldSelector="
              + Kube.encode("metadata.name=" + Named.name(object));
      List<String> types = new ArrayList<>();
      for (String line : kube.text(collection + query).lines().toList()) {
        if (line.isBlank()) {
          continue;
        }
        Map<String, Object> event = yaml(line);
        if (uid.equals(Trees.string(event, "object", "metadata", "uid"))) {
          types.add(Trees.stringOr(event, "", "type"));
        }
      }
      boolean all =
          types.size() >= 4
              && types.getFirst().equals("ADDED")
              && types.contains("MODIFIED")
              && types.getLast().equals("DELETED");
      require(all, "a watch shows ADDED, MODIFIED, DELETED; it showed " + types);
    }

    private static String uid(Map<String, Object> object) {
      return Trees.stringOr(object, "", "metadata", "uid");
    }

    private static String annotation(Map<String, Object> object, String name) {
      return Trees.stringOr(object, "", "metadata", "annotations", "conformance.kubra.io/" + name);
    }
  }
}
