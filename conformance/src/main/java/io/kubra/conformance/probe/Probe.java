package io.kubra.conformance.probe;

import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A check that makes something and watches what becomes of it: the namespace in which it works, and
 * the pods and objects it has there. All of it goes when the run ends.
 */
public record Probe(Context context, String namespace) {
  /** The deciding part of a probe. */
  @FunctionalInterface
  public interface Body {
    /** Makes, watches and decides. */
    Verdict run(Probe probe) throws InterruptedException;
  }

  /** A probe whose objects have names of their own in the namespace that probes share. */
  public static Check shared(String how, Body body) {
    return Check.of(how, context -> body.run(new Probe(context, context.workspace().namespace())));
  }

  /**
   * A probe that needs a namespace of its own.
   *
   * @param suffix tells it from others; unique among probes
   */
  public static Check alone(String how, String suffix, Body body) {
    return Check.of(
        how,
        context -> body.run(new Probe(context, context.workspace().namespace(suffix, Map.of()))));
  }

  /** An object or part of one, as YAML. */
  static Map<String, Object> yaml(String text) {
    return Yaml.parseObject(text.getBytes(StandardCharsets.UTF_8));
  }

  /** How long to wait for a reaction. */
  public Duration soon() {
    return context.pace().soon();
  }

  /** How long to wait for pods to come up, end or start again. */
  public Duration run() {
    return context.pace().run();
  }

  /** The API. */
  public Kube kube() {
    return context.kube();
  }

  /** The pods. */
  public Pods pods() {
    return context.pods();
  }

  /**
   * The path of something in the probe's namespace.
   *
   * @param groupVersion such as {@code v1} or {@code apps/v1}
   * @param rest such as {@code deployments} or {@code deployments/web}
   */
  public String path(String groupVersion, String rest) {
    String root = groupVersion.contains("/") ? "/apis/" : "/api/";
    return root + groupVersion + "/namespaces/" + namespace + "/" + rest;
  }

  /** Creates an object of the probe's namespace. */
  public Map<String, Object> create(Map<String, Object> object) {
    Trees.set(object, namespace, "metadata", "namespace");
    return context.workspace().create(object);
  }

  /** Creates an object of the probe's namespace, given as YAML. */
  public Map<String, Object> create(String yaml) {
    return create(yaml(yaml));
  }

  /** A pod to make that runs a script. */
  public PodDraft pod(String name, String script) {
    return new PodDraft(namespace, name, context.image(), script);
  }

  /** A pod to make that does nothing. */
  public PodDraft waiting(String name) {
    return pod(name, PodDraft.WAIT);
  }

  /** A pod as it is now. */
  public Map<String, Object> read(String pod) {
    return kube().get(Pods.path(namespace, pod));
  }

  /** Whether a pod comes to be so in time. */
  public boolean comes(String pod, Duration limit, Predicate<Map<String, Object>> so)
      throws InterruptedException {
    return comesAt(Pods.path(namespace, pod), limit, so);
  }

  /** Whether an object comes to be there and so in time. */
  public boolean comesAt(String path, Duration limit, Predicate<Map<String, Object>> so)
      throws InterruptedException {
    return Await.until(limit, () -> kube().find(path).filter(so).isPresent());
  }

  /** Runs a script in a pod of the probe. */
  public Pods.Result shell(String pod, String script) {
    return pods().shell(namespace, pod, context.pace().call(), script);
  }

  /** Deletes a pod and waits until it is gone. */
  public boolean remove(String pod) throws InterruptedException {
    String path = Pods.path(namespace, pod);
    kube().delete(path);
    return Await.until(soon(), () -> kube().find(path).isEmpty());
  }
}
